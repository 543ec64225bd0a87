"""What the network's staff has decided to do and whom it meets next, whatever the team: read through the network's own role, as the notes are."""

from datetime import date, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.db import now
from app.followup.support import Side, SupportDecision, SupportMeeting
from tenants.models import Collective
from tenants.months import month_of, months_before

# What was done is shown for so long, so that a slip of the finger can be mended.
REMEMBERED = timedelta(days=30)
# A note waits for its second signature in so many months, the present one included; nobody is asked about an older one.
MONTHS = 4


class Waiting(StrEnum):
    """The lists of what the network has decided to do: to be done, put off, done of late. Their words are those of an address."""

    now = ""
    later = "plus-tard"
    done = "faites"


def of_the_network(which: Waiting, today: date) -> Select[*tuple[SupportDecision, str]]:
    """As the network: what it has decided to do with any collective, with the collective's name; what is due first first."""
    query = select(SupportDecision, Collective.name).join(Collective, Collective.id == SupportDecision.publisher_id)
    query = query.where(SupportDecision.side == Side.network)
    if which == Waiting.done:
        lately = SupportDecision.done_at > now() - REMEMBERED
        return query.where(lately).order_by(SupportDecision.done_at.desc(), SupportDecision.id)
    put_off = sa.func.coalesce(SupportDecision.put_off_until > today, sa.false())
    query = query.where(SupportDecision.done_at.is_(None), put_off if which == Waiting.later else ~put_off)
    if which == Waiting.later:
        return query.order_by(SupportDecision.put_off_until, SupportDecision.id)
    return query.order_by(SupportDecision.due_on, SupportDecision.at, SupportDecision.id)


def count_waiting(session: Session, today: date) -> int:
    """As the network: how many decisions wait for its staff."""
    return session.scalar(select(func.count()).select_from(of_the_network(Waiting.now, today).order_by(None).subquery())) or 0


def teams_waiting(today: date) -> Select[*tuple[SupportMeeting, str]]:
    """As the network: the meetings in which a team waits for its staff, with the collective's name, the earliest month first.

    Either the team proposed dates, one of them still to come, and none is chosen; or it has signed the note alone.
    """
    last = SupportMeeting.proposed[-1].astext
    open_ = (SupportMeeting.day.is_(None), SupportMeeting.mood.is_(None), SupportMeeting.missed_because.is_(None))
    undated = sa.and_(*open_, last >= today.isoformat())
    asked = sa.and_(SupportMeeting.proposed_by == Side.collective, undated)
    signed = sa.and_(SupportMeeting.collective_signed_at.is_not(None), SupportMeeting.network_signed_at.is_(None))
    query = select(SupportMeeting, Collective.name).join(Collective, Collective.id == SupportMeeting.publisher_id)
    query = query.where(SupportMeeting.month >= months_before(month_of(today), MONTHS)[-1], Collective.ended_on.is_(None), sa.or_(asked, signed))
    return query.order_by(SupportMeeting.month, Collective.name_key, SupportMeeting.id)


def to_come(today: date) -> Select[*tuple[SupportMeeting, str]]:
    """As the network: the meetings whose day is chosen and has not passed, with the collective's name, the next first."""
    query = select(SupportMeeting, Collective.name).join(Collective, Collective.id == SupportMeeting.publisher_id)
    return query.where(SupportMeeting.day >= today, Collective.ended_on.is_(None)).order_by(
        SupportMeeting.day, SupportMeeting.begins, Collective.name_key, SupportMeeting.id
    )
