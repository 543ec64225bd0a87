"""Editions as everybody reads them: a page, papers, tables, at addresses that stay."""

from uuid import UUID

from flask import Response, abort, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from sqlalchemy import select
from sqlalchemy.orm import undefer

from app.db import db
from app.languages import written_date
from app.limits import limiter
from app.pages import page
from app.reports import public
from app.reports.content import Content
from app.reports.drafts import edition
from app.reports.models import NETWORK, EditionFile, ReportEdition, editions_of, files_of
from app.reports.saying import Notes, edition_words, full_title, method, reach
from app.reports.withdrawals import LARGEST, PICTURE, gone_since, withdrawals_of
from tenants.models import collective_by_slug

# Where the network stands in an address, among the slugs of collectives.
HEAD = "reseau"
LIMIT = "240 per minute"


def publisher(place: str) -> UUID:
    """Who publishes at this address; 404 where nobody does."""
    if place == HEAD:
        return NETWORK
    collective = collective_by_slug(place)
    return collective.id if collective else abort(404)


def _found(place: str, year: int, number: int | None = None) -> ReportEdition:
    # A number that no column holds is no year and no edition; nor is 0, which is none at all.
    if not all(0 < each < LARGEST for each in (year, 1 if number is None else number)):
        abort(404)
    return edition(publisher(place), year, number) or abort(404)


@public.get("/")
@limiter.limit(LIMIT)
def index() -> ResponseReturnValue:
    """The network's reports, and what each file holds."""
    editions = db.session.scalars(editions_of(NETWORK)).all()
    latest = {each.year: each for each in reversed(editions)}
    return page("reports/public.html", latest=latest, place=HEAD)


@public.get("/<string:place>/<int:year>")
@limiter.limit(LIMIT)
def show(place: str, year: int) -> ResponseReturnValue:
    """The newest edition of a year."""
    return _show(place, _found(place, year))


@public.get("/<string:place>/<int:year>/<int:number>")
@limiter.limit(LIMIT)
def show_edition(place: str, year: int, number: int) -> ResponseReturnValue:
    """One edition, corrected later or not."""
    return _show(place, _found(place, year, number))


def _show(place: str, known: ReportEdition) -> str:
    others = db.session.scalars(editions_of(known.publisher_id, known.year)).all()
    content, language = Content.read(known.content), str(get_locale().language)
    notes = Notes.of(content.answers.values())
    return page(
        "reports/edition.html",
        place=place,
        known=known,
        content=content,
        title=full_title(content),
        edition_said=edition_words(content, written_date(known.published_on, "d MMMM y")),
        reach=reach(content),
        newest=others[0],
        others=others,
        files=db.session.scalars(files_of(known)).all(),
        taken={each.name: each.withdrawn_on for each in db.session.scalars(withdrawals_of(known))},
        words=content.words(language),
        sections=content.sections(language),
        notes=notes,
        method=method(),
    )


@public.get("/<string:place>/<int:year>/<int:number>/<string:name>")
@limiter.limit(LIMIT)
def download(place: str, year: int, number: int, name: str) -> ResponseReturnValue:
    """A file of an edition, byte by byte as it was frozen. It never changes: who has a table keeps it, but a photo may be taken back."""
    known = _found(place, year, number)
    query = select(EditionFile).where(EditionFile.publisher_id == known.publisher_id, EditionFile.edition_id == known.id, EditionFile.name == name)
    file = db.session.scalar(query.options(undefer(EditionFile.content)))
    if file is None:
        since = gone_since(db.session(), known, name) or abort(404)
        newest = db.session.scalars(editions_of(known.publisher_id, known.year)).first()
        return page("reports/taken_back.html", place=place, known=known, newest=newest, since=since, paper=name.endswith(".pdf")), 410
    answer = Response(file.content, mimetype=file.media_type)
    answer.set_etag(file.checksum)
    stays = file.media_type not in (PICTURE, "application/pdf")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable" if stays else "public, max-age=3600"
    if file.media_type in ("application/pdf", "text/csv") or name.endswith(".xlsx"):
        answer.headers["Content-Disposition"] = f'attachment; filename="{place}-{year}-{number}-{name}"'
    return answer.make_conditional(request)
