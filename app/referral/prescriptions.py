"""A prescription: someone whom a partner reports, from its arrival to a decision, and the month within which they must be told."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.people.erasure import keeps
from app.people.models import ClosingReason, Person
from app.referral.follow_up import code_of, mark_of
from app.referral.partners import Partner
from tenants import journal, ledger
from tenants.keys import Sealed
from tenants.questions import among
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import here, place

# RGPD art. 14: whoever is reported by someone else is told within a month.
WITHIN = relativedelta(months=1)


class Knows(StrEnum):
    """What the person knows of the prescription, as the partner says."""

    agrees = "agrees"
    knows = "knows"
    unaware = "unaware"


class InformedHow(StrEnum):
    """How someone was told that they were reported."""

    phone = "phone"
    visit = "visit"
    letter = "letter"
    partner = "partner"


class Decision(StrEnum):
    """What the collective does with a prescription."""

    meet = "meet"
    already_known = "already_known"
    passed_on = "passed_on"
    not_reachable = "not_reachable"
    no_wish = "no_wish"
    died = "died"


class Answer(StrEnum):
    """All that a partner learns."""

    received = "received"
    underway = "underway"
    followed = "followed"
    ended = "ended"


# Decisions after which nobody has a file: thirty days later nothing that names is left of them.
WITHOUT_FILE = (Decision.passed_on, Decision.not_reachable, Decision.no_wish, Decision.died)
# "Already known" reads like a meeting: a partner cannot learn from it whom the collective knows.
ANSWERS = {
    Decision.meet: Answer.followed,
    Decision.already_known: Answer.followed,
    Decision.passed_on: Answer.followed,
    Decision.not_reachable: Answer.ended,
    Decision.no_wish: Answer.ended,
    Decision.died: Answer.ended,
}
# What names someone or lets them be found.
NAMING = ("whom", "reached", "noticed", "reporter", "answer_at", "passed_to")


class Prescription(Tenanted, Model):
    """One person reported by one partner. Texts are sealed, and empty once they are forgotten."""

    __tablename__ = "prescriptions"
    stamped = True
    __table_args__ = (
        key_to("partners", "partner_id"),
        key_to("persons", "person_id"),
        sa.UniqueConstraint("collective_id", "mark"),
        sa.Index("ix_prescriptions_collective_id_partner_id", "collective_id", "partner_id"),
        sa.Index("ix_prescriptions_collective_id_person_id", "collective_id", "person_id"),
        sa.Index("ix_prescriptions_collective_id_decision", "collective_id", "decision"),
    )

    partner_id: Mapped[UUID]
    whom_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    reached_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    noticed_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    reporter_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    answer_at_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    passed_to_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    knows: Mapped[Knows] = mapped_column(ChoiceType(Knows, impl=sa.String(8)))
    received_on: Mapped[date]
    received_at: Mapped[Instant]
    # A keyed hash of the follow-up code; the code itself is worked out from the id and kept nowhere.
    mark: Mapped[bytes] = mapped_column(sa.LargeBinary)
    # Since when someone of the coordination has it before them: what a partner reads as "en cours".
    first_read_at: Mapped[datetime | None]
    inform_by: Mapped[date | None]
    informed_on: Mapped[date | None]
    informed_how: Mapped[InformedHow | None] = mapped_column(ChoiceType(InformedHow, impl=sa.String(8)))
    decision: Mapped[Decision | None] = mapped_column(ChoiceType(Decision, impl=sa.String(14)))
    decided_on: Mapped[date | None]
    decided_by: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    forgotten_at: Mapped[datetime | None]
    whom = Sealed()
    reached = Sealed()
    noticed = Sealed()
    reporter = Sealed()
    answer_at = Sealed()
    passed_to = Sealed()

    partner: Mapped[Partner] = belongs_to("Prescription.partner_id", "Partner")

    @classmethod
    def receive(cls, partner: Partner, prescription_id: UUID, texts: dict[str, str], knows: Knows, today: date) -> "Prescription":
        """Take in what a partner reports. An id that is known answers with its row: sent twice counts once.

        The mark is made from the id, so that the receipt of the second sending carries the code of the first.
        """
        known = db.session.get(cls, (here(), prescription_id))
        if known is not None:
            return known
        row = cls(id=prescription_id, partner_id=partner.id, knows=knows, received_on=today, mark=mark_of(code_of(prescription_id)), **texts)
        row.inform_by = None if knows == Knows.agrees else today + WITHIN
        db.session.add(row)
        journal.note("received", "prescription", row.id)
        ledger.mark(today)
        return row

    @property
    def code(self) -> str:
        """The follow-up code."""
        return code_of(self.id)

    @property
    def answer(self) -> Answer:
        """What the partner reads."""
        if self.decision is not None:
            return ANSWERS[self.decision]
        return Answer.underway if self.first_read_at else Answer.received

    @property
    def is_told(self) -> bool:
        """Whether the person knows that we were told of them: they agreed, or someone informed them."""
        return self.knows == Knows.agrees or self.informed_on is not None

    def ticks(self, person: Person | None = None) -> bool:
        """Whether the month to inform the person is running, or over and nobody did. A death, told by the file of the person, stops it."""
        return not self.is_told and self.decision not in WITHOUT_FILE and not (person is not None and person.has_died)

    def read(self) -> None:
        """Someone of the coordination reads it; the first time the partner is told so."""
        self.first_read_at = self.first_read_at or now()
        journal.note("read", "prescription", self.id)

    def inform(self, on: date, how: InformedHow) -> None:
        """The person was told on this local date: the clock stops. Said again it is put right."""
        self.informed_on, self.informed_how = on, how
        journal.note("informed", "prescription", self.id)

    def decide(self, decision: Decision, on: date, person_id: UUID | None = None, passed_to: str | None = None) -> None:
        """Say what becomes of it. A second decision replaces the first."""
        self.decision, self.decided_on, self.decided_by = decision, on, place().user_id
        self.person_id, self.passed_to = person_id, passed_to or None
        self.first_read_at = self.first_read_at or now()
        journal.note("decided", "prescription", self.id)

    def reopen(self) -> None:
        """Take the decision back; what was forgotten does not return."""
        self.decision = self.decided_on = self.decided_by = self.person_id = self.passed_to = None
        journal.note("reopened", "prescription", self.id)

    @property
    def can_reopen(self) -> bool:
        """Whether the decision may be taken back: it opened no file, and the texts are still there."""
        return self.decision not in (None, Decision.meet) and self.forgotten_at is None

    def forget(self) -> None:
        """Empty everything that names; the counts stay."""
        for name in NAMING:
            setattr(self, name, None)
        self.decided_by, self.forgotten_at = None, now()


def undecided() -> Select[Prescription]:
    """Prescriptions that wait for a decision, those whose month ends first before all others."""
    return select(Prescription).where(Prescription.decision.is_(None)).order_by(Prescription.inform_by.nulls_last(), Prescription.received_at)


def decided() -> Select[Prescription]:
    """Prescriptions that were decided, the latest first."""
    return select(Prescription).where(Prescription.decision.is_not(None)).order_by(Prescription.decided_on.desc(), Prescription.id.desc())


def about_person(person_id: UUID) -> Select[Prescription]:
    """What partners said of someone who has a file, the oldest first."""
    return select(Prescription).where(Prescription.person_id == person_id).order_by(Prescription.received_on, Prescription.id)


def uninformed() -> Select[Prescription]:
    """Prescriptions whose person is still to be told: undecided, or of someone known who is alive. The nearest day first."""
    died = select(Person.id).where(Person.closed_because == ClosingReason.died)
    alive = sa.or_(Prescription.person_id.is_(None), Prescription.person_id.not_in(died))
    open_ = sa.or_(Prescription.decision.is_(None), ~among(Prescription.decision, WITHOUT_FILE))
    waits = sa.and_(Prescription.inform_by.is_not(None), Prescription.informed_on.is_(None), open_, alive)
    return select(Prescription).where(waits).order_by(Prescription.inform_by, Prescription.id)


def by_mark(mark: bytes) -> Select[Prescription]:
    """The prescription of a follow-up code's mark."""
    return select(Prescription).where(Prescription.mark == mark)


# When it arrived, from whom, and that it led to a meeting goes on counting.
keeps(Prescription, *(f"{name}_sealed" for name in NAMING), "decided_by", forgotten_at=sa.func.coalesce(Prescription.forgotten_at, sa.func.now()))
