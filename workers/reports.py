"""Publishing: count once, protect, attack, freeze, and make the papers; and photos made anew."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.db import db, new_id
from app.network.queries import reading
from app.reports.content import Content, checksum, freeze
from app.reports.drafts import figures_of_year, own_editions
from app.reports.gathering import departments, earlier, publishers, take_turns
from app.reports.models import NETWORK, TEXTS, EditionFile, NetworkReport, Report, ReportEdition, editions_of, photos_of
from app.reports.photo_views import BROKEN, CLEAN, RAW
from app.reports.yearly import CODES, alone, area_of, named, together
from tenants import ledger
from tenants.disclosure import CannotProtect, Edition, protect
from tenants.documents import Document
from tenants.ledger import Figure
from tenants.models import Collective
from tenants.months import today_in, year_of
from tenants.scope import here
from workers import progress
from workers.network_photos import photos_for
from workers.photos import NoPicture, anew
from workers.queue import job
from workers.report_papers import papers_of
from workers.report_tables import Files, tables_of

Photos = list[tuple[str, str, bytes]]


# Hundredths of the bar when each part is done. Of a network the attack and the tables take longest.
COUNTED, PROTECTED, TABLES, PAPERS = 10, 50, 80, 98


@dataclass(frozen=True, slots=True)
class Bar:
    """How far an edition has come, for whoever waits for it."""

    edition_id: UUID

    def tell(self, hundredths: int) -> None:
        """So much is done."""
        progress.tell(self.edition_id, hundredths, 100)

    def protecting(self, share: float) -> None:
        """Everything is counted, and so much of the attack is behind us."""
        self.tell(COUNTED + round((PROTECTED - COUNTED) * share))


@job
def publish_report(report_id: str, edition_id: str) -> None:
    """Publish the year of a collective, unless this edition is there already."""
    collective, asked = db.session.get_one(Collective, here()), db.session.get(Report, (here(), UUID(report_id)))
    if asked is None:
        return
    take_turns(db.session(), asked.year, collective.department)
    # Read again, as whoever had the turn before left it.
    draft = db.session.get(Report, (here(), UUID(report_id)), populate_existing=True)
    if draft is None or draft.asked_edition_id != UUID(edition_id):
        return
    year, texts, correction = draft.year, {name: getattr(draft, name) for name in TEXTS}, draft.correction
    waiting = [month for month in db.session.scalars(ledger.months_waiting()) if year_of(month) == str(year)]
    if waiting:
        ledger.recount_months(waiting)
    figures, photos = figures_of_year(year), _photos(draft.id)
    bar = Bar(UUID(edition_id))
    try:
        edition = _protected(collective, year, figures, bar)
    except CannotProtect:
        if _hold(db.session(), draft, UUID(edition_id)):
            draft.refuse()
        return
    about = _about(year, own_editions(year), today_in(collective.time_zone), texts, correction, photos)
    about["publisher"] = {
        "kind": "collective",
        "name": collective.name,
        "slug": collective.slug,
        "insee_code": collective.insee_code,
        "department": collective.department,
        "population": collective.population,
    }
    content = freeze(about, {area_of(collective.short_code): collective.name}, edition)
    files = _files(content, photos, bar)
    if _hold(db.session(), draft, UUID(edition_id)):
        _keep(db.session(), here(), UUID(edition_id), content, files)
        draft.counted = {code: figures.get(code, 0) for code in CODES}
        draft.answer()


def _hold(session: Session, draft: Report | NetworkReport, edition_id: UUID) -> bool:
    """Hold the draft until the transaction ends, if this edition is still the one that is wanted.

    Held at the end alone: whoever writes in it meanwhile does not wait for the work, and a worker that is killed leaves it as it was. What is
    wanted is its token: after an hour another edition may be asked for, and the job of the first then has nothing to say.
    """
    session.refresh(draft, with_for_update=True)
    return draft.asked_edition_id == edition_id


def _protected(collective: Collective, year: int, figures: dict[str, int], bar: Bar) -> Edition:
    """The answers of a collective; where the network has spoken of its department, beside that and the neighbours who published."""
    area = area_of(collective.short_code)
    with reading() as session:
        known = publishers(session, year)
        before = earlier(session, year, collective.department)
        if NETWORK not in known:
            return protect(alone(year, area, figures), before, told=bar.protecting)
        there = departments(session, year, known | {collective.id}, collective.department)
    if not there:
        return protect(alone(year, area, figures), before, told=bar.protecting)
    # Its own figures as they are here, even if they were counted a moment ago: the sums that the network reads do not know that yet.
    read = there[0].speaking[area]
    sums = {code: replace(each, value=each.value + figures.get(code, 0) - read.get(code, 0)) for code, each in there[0].sums.items()}
    own = there[0]._replace(sums=sums, speaking={**there[0].speaking, area: figures})
    edition = protect(together(year, [own], whole=False, every=True), before, told=bar.protecting)
    return Edition({key: answer for key, answer in edition.answers.items() if key.area == area}, edition.shape)


@job
def publish_network_report(year: str, edition_id: str) -> None:
    """Publish the year of the network: the whole and its departments. While it works it has the turn, and nothing else is held."""
    with Session(db.engines["network"]) as session, session.begin():
        take_turns(session, int(year))
        draft = session.get(NetworkReport, int(year))
        if draft is None or draft.asked_edition_id != UUID(edition_id):
            return
        texts, correction, photos = {name: getattr(draft, name) for name in TEXTS}, draft.correction, photos_for(session, draft.year)
        known = publishers(session, draft.year) - {NETWORK}
        some = departments(session, draft.year, known)
        bar = Bar(UUID(edition_id))
        bar.protecting(0)
        try:
            edition = protect(together(draft.year, some, whole=True), earlier(session, draft.year), told=bar.protecting)
        except CannotProtect:
            if _hold(session, draft, UUID(edition_id)):
                draft.refuse()
            return
        editions = list(session.scalars(editions_of(NETWORK, draft.year)))
        about = _about(draft.year, editions, today_in("Europe/Paris"), texts, correction, photos)
        about["publisher"] = {"kind": "network", "name": "Essaimage", "slug": "reseau", "collectives": session.scalar(counted_in(draft.year))}
        content = freeze(about, named(each.code for each in some), edition)
        files = _files(content, photos, bar)
        if _hold(session, draft, UUID(edition_id)):
            _keep(session, NETWORK, UUID(edition_id), content, files)
            draft.answer()


def counted_in(year: int) -> sa.Select[Any]:
    """How many collectives have figures of a year: whoever came later is not of that year."""
    counted = sa.exists().where(Figure.collective_id == Collective.id, Figure.period == str(year))
    return sa.select(sa.func.count()).select_from(Collective).where(counted)


def _about(year: int, editions: list[ReportEdition], today: date, texts: dict[str, Any], correction: str | None, photos: Photos) -> dict[str, Any]:
    number = max((each.number for each in editions), default=0) + 1
    return {
        "year": year,
        "edition": number,
        "published_on": today.isoformat(),
        "provisional": year >= today.year,
        "correction": correction if number > 1 else None,
        "texts": texts,
        "photos": [{"name": name, "caption": caption, "checksum": checksum(content)} for name, caption, content in photos],
    }


def _files(content: bytes, photos: Photos, bar: Bar) -> Files:
    """Everything that is made from an edition: its tables, its papers, its photos."""
    read = Content.read(content)
    pictures = {name: ("image/jpeg", picture) for name, _caption, picture in photos}
    tables = tables_of(read)
    bar.tell(TABLES)
    papers = papers_of(read, {name: each[1] for name, each in pictures.items()})
    bar.tell(PAPERS)
    return {**tables, **papers, **pictures}


def _keep(session: Session, publisher_id: UUID, edition_id: UUID, content: bytes, files: Files) -> None:
    """Write the edition and its files, in one transaction: either all of them are there or none."""
    read = Content.read(content)
    parts = read.parts
    session.add(
        ReportEdition(
            publisher_id=publisher_id,
            id=edition_id,
            year=read.year,
            number=parts["edition"],
            published_on=date.fromisoformat(parts["published_on"]),
            provisional=parts["provisional"],
            checksum=checksum(content),
            content=content,
        )
    )
    for name, (media_type, data) in files.items():
        session.add(
            EditionFile(
                publisher_id=publisher_id,
                id=new_id(),
                edition_id=edition_id,
                name=name,
                media_type=media_type,
                size=len(data),
                checksum=checksum(data),
                content=data,
            )
        )


def _photos(report_id: UUID) -> Photos:
    found: Photos = []
    for each in db.session.scalars(photos_of(report_id)):
        document = db.session.get_one(Document, (here(), each.document_id))
        # What no worker has looked at is not published.
        if document.kind == CLEAN:
            found.append((f"photo-{len(found) + 1}.jpg", each.caption or "", document.read()))
    return found


@job
def prepare_photo(document_id: str) -> None:
    """Make a photo anew: upright, of a modest size, and without what it said of place, hour and device."""
    document = db.session.get(Document, (here(), UUID(document_id)), with_for_update=True)
    if document is None or document.kind != RAW:
        return
    try:
        document.fill(anew(document.read()))
    except NoPicture:
        document.kind = BROKEN
        document.fill(b"")
        return
    document.kind, document.media_type, document.filename = CLEAN, "image/jpeg", "photo.jpg"
