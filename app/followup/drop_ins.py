"""Permanences: each is a day laid out by the rule, or added to it; moved, cancelled, held or not."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import cast
from uuid import UUID

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, db, new_id
from app.followup.gatherings import Gathering, GatheringState, mark
from app.followup.rules import DropInRule
from tenants.models import Membership
from tenants.questions import Question, among
from tenants.rows import Tenanted, belongs_to, insert_once, key_to

# So far ahead there are rows: a poster gives the next three, a calendar half a year.
AHEAD = relativedelta(months=6)
HOSTS = 2


class DropIn(Gathering, Tenanted, Model):
    """One permanence: anybody may come, known or not. `planned_on` is the day that its rule gave it, whatever day it was moved to."""

    noun = "drop_in"
    __tablename__ = "drop_ins"
    stamped = True
    __table_args__ = (
        key_to("drop_in_rules", "rule_id"),
        key_to("memberships", "one_id"),
        key_to("memberships", "other_id"),
        sa.UniqueConstraint("collective_id", "rule_id", "planned_on"),
        sa.Index("ix_drop_ins_collective_id_day", "collective_id", "day"),
    )

    rule_id: Mapped[UUID | None]
    planned_on: Mapped[date]
    day: Mapped[date]
    one_id: Mapped[UUID | None]
    other_id: Mapped[UUID | None]

    one: Mapped[Membership | None] = belongs_to("DropIn.one_id", "Membership")
    other: Mapped[Membership | None] = belongs_to("DropIn.other_id", "Membership")

    @property
    def hosts(self) -> list[UUID]:
        """Ids of the members who will be there."""
        return [each for each in (self.one_id, self.other_id) if each]

    def host(self, member_id: UUID) -> bool:
        """Take a place as a host. False if both are taken by others."""
        if member_id in self.hosts:
            return True
        if len(self.hosts) == HOSTS:
            return False
        if self.one_id is None:
            self.one_id = member_id
        else:
            self.other_id = member_id
        return True

    def release(self, present: Collection[UUID]) -> None:
        """Free the places of those who have left the team."""
        for each in self.hosts:
            if each not in present:
                self.unhost(each)

    def unhost(self, member_id: UUID) -> None:
        """Give the place back."""
        left = [each for each in self.hosts if each != member_id]
        self.one_id, self.other_id = (left[0] if left else None), None

    def move(self, day: date, **values: object) -> bool:
        """Another day, other hours, another place. Returns whether anything changed; both months are counted again."""
        changed = (self.day, self.begins, self.ends, self.where) != (day, values["begins"], values["ends"], values["where"])
        if changed:
            mark(self.day, day)
            self.day, self.begins, self.ends, self.where = day, values["begins"], values["ends"], values["where"]  # type: ignore[assignment]  # times and a text
            self.sequence, self.reminded_at = self.sequence + 1, None
        return changed


class DropInSubject(Tenanted, Model):
    """A subject that was spoken of, from a list; never who spoke of it."""

    __tablename__ = "drop_in_subjects"
    __table_args__ = (key_to("drop_ins", "drop_in_id"), sa.UniqueConstraint("collective_id", "drop_in_id", "subject"))

    drop_in_id: Mapped[UUID]
    subject: Mapped[str] = mapped_column(sa.String(100))


def lay_out(rule: DropInRule, today: date, department: str, hosted_by: Sequence[UUID] | None = None) -> list[DropIn]:
    """Make the rows of a rule for the coming half year, and take those away that it no longer gives.

    What was moved, cancelled or told of one by one stays as it is. `hosted_by` are the hosts that a rule had before it was changed: where nobody
    else hosts, those of now do. Returns the rows that were taken away, hosts and all.
    """
    known = {each.planned_on: each for each in db.session.scalars(drop_ins_of(rule.id).where(DropIn.planned_on >= today))}
    days = rule.days(max(today, rule.since), today + AHEAD, department)
    gone = [each for day, each in known.items() if day not in days and is_untouched(each)]
    for each in gone:
        mark(each.day)
        db.session.delete(each)
    hours = {"begins": rule.begins, "ends": rule.ends, "where": rule.where}
    for day in days:
        if day not in known:
            db.session.add(DropIn(rule_id=rule.id, planned_on=day, day=day, one_id=rule.one_id, other_id=rule.other_id, **hours))
            mark(day)
        elif is_untouched(known[day]):
            known[day].move(day, **hours)
            # Whoever gave their place back is not put in it again by the night.
            if hosted_by is not None and known[day].hosts in ([], list(hosted_by)):
                known[day].one_id, known[day].other_id = rule.one_id, rule.other_id
    return gone


def is_untouched(drop_in: DropIn) -> bool:
    """Whether it still stands where its rule put it."""
    return drop_in.state == GatheringState.planned and drop_in.day == drop_in.planned_on


def drop_ins_of(rule_id: UUID) -> Select[DropIn]:
    """The permanences of a rule, in order."""
    return select(DropIn).where(DropIn.rule_id == rule_id).order_by(DropIn.day, DropIn.id)


def coming(today: date | sa.ColumnElement[date]) -> Select[DropIn]:
    """Permanences from today on, those that were cancelled included, the next first."""
    return select(DropIn).where(DropIn.day >= today).order_by(DropIn.day, DropIn.begins, DropIn.id)


EXPECTED = (GatheringState.planned, GatheringState.held)


def expected(today: date) -> Select[DropIn]:
    """Permanences from today on that are to take place."""
    return coming(today).where(DropIn.state.in_(EXPECTED))


NEXT = Question(coming(sa.bindparam("day", required=True, type_=sa.Date)).where(among(DropIn.state, EXPECTED)).limit(1))


def next_expected(today: date) -> DropIn | None:
    """The next permanence that is to take place. It is only read."""
    return cast(DropIn | None, NEXT.one(day=today))


def past(today: date) -> Select[DropIn]:
    """Those before today, the latest first."""
    return select(DropIn).where(DropIn.day < today).order_by(DropIn.day.desc(), DropIn.begins.desc(), DropIn.id)


def untold(today: date) -> Select[DropIn]:
    """Those of which nobody has said whether they took place."""
    return past(today).where(DropIn.state == GatheringState.planned)


def without_hosts(today: date, within: timedelta) -> Select[DropIn]:
    """Those of the coming days that have fewer than two hosts; whoever has left the team hosts no more."""
    soon = expected(today).where(DropIn.state == GatheringState.planned, DropIn.day <= today + within)
    present = select(Membership.id).where(Membership.left_at.is_(None))
    return soon.where(sa.or_(*(sa.or_(each.is_(None), each.not_in(present)) for each in (DropIn.one_id, DropIn.other_id))))


def subjects_of(*drop_in_ids: UUID) -> dict[UUID, set[str]]:
    """The subjects of some permanences."""
    table: dict[UUID, set[str]] = {}
    query = select(DropInSubject.drop_in_id, DropInSubject.subject).where(DropInSubject.drop_in_id.in_(drop_in_ids))
    for drop_in_id, subject in db.session.execute(query):
        table.setdefault(drop_in_id, set()).add(subject)
    return table


def speak_of(drop_in: DropIn, subjects: Sequence[str], before: Sequence[str]) -> None:
    """Keep the subjects that were ticked or unticked on one screen; what another screen ticked meanwhile stays."""
    new = [each for each in subjects if each not in before]
    insert_once(DropInSubject, [{"id": new_id(), "drop_in_id": drop_in.id, "subject": each} for each in new], key=("drop_in_id", "subject"))
    old = [each for each in before if each not in subjects]
    db.session.execute(sa.delete(DropInSubject).where(DropInSubject.drop_in_id == drop_in.id, DropInSubject.subject.in_(old)))
