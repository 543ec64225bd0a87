"""The yearly report in the workspace: years, a draft with its words, and the one click that publishes."""

from uuid import UUID

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.limits import by_user, limiter
from app.pages import id_from, page
from app.reports import bp
from app.reports.drafts import draft_of, figures_of_year, late_entries, own_editions, proposed, told, years_counted
from app.reports.forms import EditionForm, TextsForm, cleaned
from app.reports.models import TEXTS, ReportPhoto, files_of, photos_of, report_of
from app.reports.withdrawals import has_photos
from app.reports.yearly import SECTIONS
from tenants import journal
from tenants.access import allowed, may
from tenants.documents import Document
from tenants.indicators import CATALOGUE
from tenants.months import today_in
from workers.queue import later


@bp.get("/")
@may("read the report")
def index() -> ResponseReturnValue:
    """The years, with what was published of each, and the one that waits."""
    today = today_in(g.collective.time_zone)
    editions, years = own_editions(), years_counted(today)
    published = {each.year: each for each in reversed(editions)}
    waiting = proposed(years, published, today)
    draft = db.session.scalar(report_of(waiting)) if waiting and allowed("write the report") else None
    form = EditionForm(formdata=None, id=str(new_id()))
    return page(
        "reports/index.html", years=years, published=published, waiting=waiting, draft=draft, told=told(draft), form=form, this_year=today.year
    )


def counted_year(year: int) -> int:
    """The year, if the present collective has figures of it; 404 else."""
    if year not in years_counted(today_in(g.collective.time_zone)):
        abort(404)
    return year


@bp.get("/<int:year>")
@may("read the report")
def show(year: int) -> ResponseReturnValue:
    """The draft of a year for those who write it; the editions for all."""
    return _show(counted_year(year), EditionForm(formdata=None, id=str(new_id())))


def _show(year: int, form: EditionForm) -> str:
    writes = allowed("write the report")
    draft = db.session.scalar(report_of(year)) if writes else None
    present, editions = figures_of_year(year), own_editions(year)
    papers = {each.name for each in db.session.scalars(files_of(editions[0]))} if editions else set()
    if editions:
        form.correct()
    return page(
        "reports/show.html",
        papers=papers,
        shown=has_photos(db.session(), editions),
        lost=bool(editions) and "rapport.pdf" not in papers,
        year=year,
        draft=draft,
        told=told(draft),
        texts=TextsForm(formdata=None),
        photos=_photos(draft.id) if draft else [],
        sections=[(each.title, [CATALOGUE[code] for code in each.codes]) for each in SECTIONS],
        present=present,
        late=[(CATALOGUE[code], then, now) for code, then, now in late_entries(draft.counted if draft else None, present)],
        editions=editions,
        over=year < today_in(g.collective.time_zone).year,
        writes=writes,
        form=form,
    )


def _photos(report_id: UUID) -> list[tuple[UUID, str | None, str]]:
    """The photos of a draft: id, caption, and whether a worker has made it anew."""
    rows = photos_of(report_id).join(Document, Document.id == ReportPhoto.document_id).add_columns(Document.kind)
    return [(photo.id, photo.caption, kind) for photo, kind in db.session.execute(rows)]


@bp.get("/<int:year>/textes")
@may("write the report")
def edit(year: int) -> ResponseReturnValue:
    """The chosen words."""
    draft = db.session.scalar(report_of(counted_year(year)))
    form = TextsForm(formdata=None, **{name: getattr(draft, name) if draft else None for name in TEXTS})
    return page("reports/edit.html", form=form, year=year)


@bp.post("/<int:year>/textes")
@may("write the report")
def update(year: int) -> ResponseReturnValue:
    """Keep them in the draft; what is published already stays as it is."""
    form = TextsForm()
    counted_year(year)
    if not form.validate_on_submit():
        return page("reports/edit.html", form=form, year=year), 422
    draft = draft_of(year)
    for name, text in cleaned(form, TEXTS).items():
        setattr(draft, name, text)
    flash(_("Les textes sont gardés. Personne d’autre que la coordination ne les lit avant la parution."))
    return redirect(url_for("workspace.reports.show", year=year))


@bp.post("/<int:year>/edition")
@may("write the report")
@limiter.limit("30 per hour", key_func=by_user)
def create_edition(year: int) -> ResponseReturnValue:
    """Publish: a job counts, protects, attacks and freezes. From the second edition on one says why."""
    form = EditionForm()
    known = own_editions(counted_year(year))
    if known:
        form.correct()
    edition_id = id_from(form.id.data)
    if any(each.id == edition_id for each in known):
        return redirect(url_for("workspace.reports.show", year=year))
    if not form.validate_on_submit():
        return _show(year, form), 422
    draft = draft_of(year)
    if draft.ask(edition_id):
        draft.correction = cleaned(form, ("correction",))["correction"] if known else None
        journal.note("published", "report", draft.id)
        later("publish_report", draft.id, edition_id)
        flash(_("Le rapport se prépare. Quelques secondes suffisent d’habitude."))
    else:
        flash(_("Le rapport se prépare déjà."))
    return redirect(url_for("workspace.reports.show", year=year))
