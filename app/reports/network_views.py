"""The yearly report of the network, written by the head. It reads sums and what is published, as the network's own role."""

from datetime import date

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app.db import new_id
from app.limits import by_user, limiter
from app.network import bp
from app.network.queries import reading, sums
from app.network.sign_views import writing
from app.pages import id_from, page
from app.reports.content import Content
from app.reports.drafts import proposed, told
from app.reports.forms import EditionForm, TextsForm, cleaned
from app.reports.models import NETWORK, TEXTS, NetworkReport, ReportEdition, editions_of, files_of
from app.reports.network_photos import network_photos
from app.reports.withdrawals import has_photos
from app.reports.yearly import CODES, SECTIONS, WHOLE
from tenants.indicators import CATALOGUE
from tenants.ledger import FigureSum
from tenants.months import today_in
from workers.queue import later


def _today() -> date:
    return today_in("Europe/Paris")


def years_of(session: Session) -> list[int]:
    """The years in which the network has figures, the latest first."""
    periods = session.scalars(select(FigureSum.period).where(FigureSum.area == WHOLE).distinct())
    years = (int(each) for each in periods if len(each) == 4 and each.isdecimal())
    return sorted((each for each in years if each <= _today().year), reverse=True)


@bp.get("/rapports")
def index_reports() -> ResponseReturnValue:
    """The years, with what was published of each, and the one that waits."""
    with reading() as session:
        years, editions = years_of(session), session.scalars(editions_of(NETWORK)).all()
        published = {each.year: each for each in reversed(editions)}
        waiting = proposed(years, published, _today())
        draft = session.get(NetworkReport, waiting) if waiting else None
    form = EditionForm(formdata=None, id=str(new_id()))
    return page(
        "network/reports.html", years=years, published=published, waiting=waiting, draft=draft, told=told(draft), form=form, this_year=_today().year
    )


@bp.get("/rapports/<int:year>")
def show_report(year: int) -> ResponseReturnValue:
    """The draft of a year, its figures so far, its editions."""
    return _show(year, EditionForm(formdata=None, id=str(new_id())))


def _show(year: int, form: EditionForm) -> str:
    with reading() as session:
        if year not in years_of(session):
            abort(404)
        draft = session.get(NetworkReport, year)
        present = sums(session, WHOLE, [str(year)]).get(str(year), {})
        editions = session.scalars(editions_of(NETWORK, year).options(undefer(ReportEdition.content))).all()
        shown = has_photos(session, editions)
        lost = bool(editions) and "rapport.pdf" not in {each.name for each in session.scalars(files_of(editions[0]))}
        photos = [(each.id, each.caption, each.kind) for each in session.scalars(network_photos(year))]
    if editions:
        form.correct()
    return page(
        "network/report.html",
        shown=shown,
        lost=lost,
        year=year,
        draft=draft,
        told=told(draft),
        texts=TextsForm(formdata=None),
        photos=photos,
        sections=[(each.title, [CATALOGUE[code] for code in each.codes]) for each in SECTIONS],
        present=present,
        late=_late(editions[0], present) if editions else [],
        editions=editions,
        over=year < _today().year,
        form=form,
    )


def _late(edition: ReportEdition, present: dict[str, int]) -> list[tuple[object, int, int]]:
    """What changed since, of acts alone: the exact counts of people at that moment are kept nowhere outside the collectives."""
    answers = Content.read(edition.content).answers
    acts = [code for code in CODES if not CATALOGUE[code].protected and (WHOLE, code) in answers]
    return [
        (CATALOGUE[code], then, present.get(code, 0))
        for code in acts
        # What was withheld then is no zero that grew since.
        if (then := answers[WHOLE, code].number) is not None and then != present.get(code, 0)
    ]


@bp.get("/rapports/<int:year>/textes")
def edit_report(year: int) -> ResponseReturnValue:
    """The chosen words."""
    with reading() as session:
        if year not in years_of(session):
            abort(404)
        draft = session.get(NetworkReport, year)
    form = TextsForm(formdata=None, **{name: getattr(draft, name) if draft else None for name in TEXTS})
    return page("network/report_texts.html", form=form, year=year)


@bp.post("/rapports/<int:year>/textes")
def update_report(year: int) -> ResponseReturnValue:
    """Keep them in the draft."""
    form = TextsForm()
    valid = form.validate_on_submit()
    with writing() as session:
        if year not in years_of(session):
            abort(404)
        if valid:
            draft = held(session, year)
            for name, text in cleaned(form, TEXTS).items():
                setattr(draft, name, text)
    if not valid:
        return page("network/report_texts.html", form=form, year=year), 422
    flash(_("Les textes sont gardés. Personne d’autre que la tête de réseau ne les lit avant la parution."))
    return redirect(url_for("network.show_report", year=year))


def held(session: Session, year: int) -> NetworkReport:
    """The draft of a year, opened if there is none, and held until the transaction ends."""
    session.connection().exec_driver_sql("select pg_advisory_xact_lock(hashtext('network report'))")
    draft = session.get(NetworkReport, year)
    if draft is None:
        draft = NetworkReport(year=year)
        session.add(draft)
    return draft


@bp.post("/rapports/<int:year>/edition")
@limiter.limit("30 per hour", key_func=by_user)
def create_network_edition(year: int) -> ResponseReturnValue:
    """Publish: a job counts, protects, attacks and freezes. From the second edition on one says why."""
    form = EditionForm()
    edition_id = id_from(form.id.data)
    with reading() as session:
        if year not in years_of(session):
            abort(404)
        known = session.scalars(editions_of(NETWORK, year)).all()
    if known:
        form.correct()
    if any(each.id == edition_id for each in known):
        return redirect(url_for("network.show_report", year=year))
    if not form.validate_on_submit():
        return _show(year, form), 422
    with writing() as session:
        draft = held(session, year)
        asked = draft.ask(edition_id)
        if asked:
            draft.correction = cleaned(form, ("correction",))["correction"] if known else None
    if asked:
        later("publish_network_report", str(year), edition_id)
    flash(_("Le rapport se prépare. Une minute suffit d’habitude.") if asked else _("Le rapport se prépare déjà."))
    return redirect(url_for("network.show_report", year=year))
