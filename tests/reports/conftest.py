"""A collective of its own, in a department of its own, which tells its year."""

import io
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from app.db import db, new_id
from app.reports.content import Content
from app.reports.models import NETWORK, EditionFile, Report, ReportEdition, editions_of
from tenants import bootstrap
from tenants.ledger import Figure
from tenants.months import today_in
from tests.mails import work_off
from tests.newcomer import newcomer

YEAR = today_in("Europe/Paris").year
FIGURES = {
    **{"doors": 200, "doors_answered": 104, "conversations": 82, "situations": 21, "phone_attempts": 44, "phone_contacts": 30, "kilometres": 1234},
    **{"people_noticed": 21, "people_met": 16, "people_accompanied": 13, "people_engaged": 4, "participants": 12, "completions": 0},
    **{"drop_ins_held": 9, "drop_in_known": 31, "drop_in_anonymous": 12, "activities": 6, "activity_known": 44, "activity_others": 13},
    **{"activity_carriers": 3, "heart_bonds_begun": 2},
    **{"rounds": 11, "volunteers_active": 14, "volunteer_minutes": 2010},
}

# The demonstration's own edition stays.
EARLIER = {
    "photo_withdrawals": "edition_id not in (select id from report_editions where number = 1)",
    "report_editions": "number > 1",
    "edition_files": "edition_id not in (select id from report_editions where number = 1)",
}


@pytest.fixture
def gueret(house, addresses):
    """Guéret, committed, with the figures above for this year. What it publishes goes with it."""
    with newcomer(house, addresses) as crew:
        give(crew, FIGURES)
        yield crew
        with bootstrap.connect(addresses.superuser) as superuser:
            for table in ("photo_withdrawals", "edition_files", "report_editions"):
                superuser.execute(f"delete from {table} where publisher_id = %s", [crew.id])


@pytest.fixture
def silent(addresses):
    """Before the network has said anything; what it says goes again."""

    def forget():
        with bootstrap.connect(addresses.superuser) as superuser:
            for table in ("photo_withdrawals", "edition_files", "report_editions"):
                superuser.execute(f"delete from {table} where publisher_id = %s and {EARLIER[table]}", [NETWORK])
            superuser.execute("update network_reports set asked_edition_id = null, refused_at = null, correction = null")

    forget()
    yield forget
    forget()


def give(crew, figures, year=YEAR):
    """Figures of a year, as a recount leaves them."""
    with crew.at_home():
        for code, value in figures.items():
            db.session.merge(Figure(period=str(year), indicator=code, value=value))


def publishes(crew, year=YEAR, **fields):
    """Its coordination clicks, a worker works; returns the answer to the click."""
    answer = crew.coordinator.post("reports.create_edition", {"id": str(new_id()), **fields}, year=year)
    work_off(crew.house, crew.id)
    return answer


def editions(crew, year=YEAR):
    """Its editions with their content, the newest first."""
    with crew.at_home():
        known = db.session.scalars(editions_of(crew.id, year)).all()
        return [SimpleNamespace(row=each, content=Content.read(each.content), bytes=each.content) for each in known]


def files(crew, year=YEAR, number=1):
    """{name: bytes} of an edition, as somebody without an account downloads them."""
    with crew.house.app_context():
        of_edition = select(ReportEdition.id).where(ReportEdition.publisher_id == crew.id, ReportEdition.year == year, ReportEdition.number == number)
        names = db.session.scalars(select(EditionFile.name).where(EditionFile.edition_id == of_edition.scalar_subquery())).all()
    client = crew.house.test_client()
    return {name: client.get(f"/rapports/{crew.slug}/{year}/{number}/{name}").data for name in names}


def draft(crew, year=YEAR):
    with crew.at_home():
        return db.session.scalar(select(Report).where(Report.year == year))


def picture(kind="JPEG", size=(64, 48), **options):
    """A small picture of that kind."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", size, "#a85").save(out, kind, **options)
    return out.getvalue()
