"""A phoning round of the demonstration. Its numbers are of the range that is kept for fiction (ARCEP: 02 61 91)."""

import random
from datetime import timedelta

from sqlalchemy import select

from app.db import db, new_id
from app.demo.past import set_back
from app.outreach.models import OutreachKind, Round
from app.outreach.pasting import paste
from app.outreach.phoning import CallOutcome, PhoneNumber, log_call
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.scope import speak_as

# Numbers and those where somebody answered. Saint-Mars carries the thirty contacts that its association published.
CONTACTS = {"saint-mars-du-desert": (44, 30), "nantes-ranzay": (60, 37), "lorient-kervenanec": (25, 14)}
ANSWERED = (CallOutcome.talked, CallOutcome.talked, CallOutcome.talked, CallOutcome.call_back, CallOutcome.refused)
SILENT = (CallOutcome.no_answer, CallOutcome.message, CallOutcome.busy, CallOutcome.no_answer, CallOutcome.wrong_number)


def call(collective: Collective, walkers: list[Membership]) -> None:
    """A closed phoning round, if this collective has one."""
    if collective.slug not in CONTACTS:
        return
    numbers, contacts = CONTACTS[collective.slug]
    chance = random.Random(f"phoning {collective.slug}")
    today = today_in(collective.time_zone)
    day = today - timedelta(days=16)
    speak_as(walkers[0].user_id)
    round_ = Round(kind=OutreachKind.phoning, area=f"Personnes de plus de 75 ans, {collective.name}", day=day, planned_by=walkers[0].user_id)
    db.session.add(round_)
    db.session.flush()
    round_.compose([walkers[0].id, walkers[1].id])
    paste(round_, "\n".join(f"02 61 91 {index // 100:02d} {index % 100:02d}" for index in chance.sample(range(10000), numbers)))
    listed = db.session.scalars(select(PhoneNumber).where(PhoneNumber.round_id == round_.id).order_by(PhoneNumber.position)).all()
    for position, number in enumerate(listed):
        outcome = chance.choice(ANSWERED if position < contacts else SILENT)
        back = today + timedelta(days=4) if outcome == CallOutcome.call_back else None
        log_call(round_, number, outcome, new_id(), collective.time_zone, back)
    round_.close(150)
    set_back(round_)
