"""A referral: a person is taken along to a resource, which answers from a link, or on the phone."""

import hashlib
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Select, select
from sqlalchemy.orm import Mapped, joinedload, mapped_column
from sqlalchemy_utils import ChoiceType

from app.db import Instant, Model, db, now
from app.people.erasure import keeps
from app.people.models import Person
from app.referral.resources import Resource, ResourceService
from tenants import journal, ledger
from tenants.keys import EMPTY, Sealed
from tenants.models import Membership
from tenants.rows import Tenanted, belongs_to, key_to
from tenants.scope import place

# Without an answer the same mail leaves once more after ten days; after thirty nobody waits any longer.
REMINDED_AFTER, EXPIRES_AFTER = timedelta(days=10), timedelta(days=30)


class ReferralState(StrEnum):
    """Where a referral stands. What was stopped was stopped by a death, and says so to nobody."""

    draft = "draft"
    sent = "sent"
    accepted = "accepted"
    refused = "refused"
    cancelled = "cancelled"
    expired = "expired"
    stopped = "stopped"


class Way(StrEnum):
    """How the resource is asked."""

    mail = "mail"
    phone = "phone"


class Outcome(StrEnum):
    """What became of an acceptance."""

    went = "went"
    accompanied = "accompanied"
    did_not_go = "did_not_go"


OPEN = (ReferralState.draft, ReferralState.sent)


class Referral(Tenanted, Model):
    """One request to one resource for one person: what is asked, with whose agreement, what was sent, what came back."""

    __tablename__ = "referrals"
    stamped = True
    __table_args__ = (
        key_to("persons", "person_id"),
        key_to("resources", "resource_id"),
        key_to("resource_services", "service_id"),
        key_to("memberships", "companion_id"),
        sa.Index("ix_referrals_collective_id_person_id", "collective_id", "person_id"),
        sa.Index("ix_referrals_collective_id_resource_id", "collective_id", "resource_id"),
        sa.Index("ix_referrals_collective_id_state", "collective_id", "state"),
    )

    person_id: Mapped[UUID]
    resource_id: Mapped[UUID]
    service_id: Mapped[UUID | None]
    state: Mapped[ReferralState] = mapped_column(ChoiceType(ReferralState, impl=sa.String(10)), default=ReferralState.draft)
    way: Mapped[Way] = mapped_column(ChoiceType(Way, impl=sa.String(6)))
    # What the resource reads, and nothing else of the person.
    reason_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    called_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    reached_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    # Their agreement in their words; without one, why it was sent all the same.
    agreed_on: Mapped[date | None]
    agreed_words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    override_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    companion_id: Mapped[UUID | None]
    goes_on: Mapped[date | None]
    # The mail as its sender saw it, word for word; the reminder is the same text.
    mail_to_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    mail_reply_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    mail_subject_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    mail_text_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    opened_by: Mapped[UUID | None]
    opened_at: Mapped[Instant]
    sent_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    sent_on: Mapped[date | None]
    mailed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    # The resource read it and said that it will answer later.
    later_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    # Who noted an answer that came by phone; empty where the resource answered from its link.
    answered_by: Mapped[UUID | None]
    answer_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    outcome: Mapped[Outcome | None] = mapped_column(ChoiceType(Outcome, impl=sa.String(12)))
    outcome_on: Mapped[date | None]
    outcome_words_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    ended_on: Mapped[date | None]
    ended_because_sealed: Mapped[bytes | None] = mapped_column(sa.LargeBinary)
    reason = Sealed()
    called = Sealed()
    reached = Sealed()
    agreed_words = Sealed()
    override_because = Sealed()
    mail_to = Sealed()
    mail_reply = Sealed()
    mail_subject = Sealed()
    mail_text = Sealed()
    answer = Sealed()
    outcome_words = Sealed()
    ended_because = Sealed()

    # Grows with each change of the draft, so that the second of two writers is told what the first one wrote.
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    person: Mapped[Person] = belongs_to("Referral.person_id", "Person")
    resource: Mapped[Resource] = belongs_to("Referral.resource_id", "Resource")
    service: Mapped[ResourceService | None] = belongs_to("Referral.service_id", "ResourceService")
    companion: Mapped[Membership | None] = belongs_to("Referral.companion_id", "Membership")

    @property
    def waits(self) -> bool:
        """Whether the resource may still answer."""
        return self.state == ReferralState.sent

    @property
    def waiting_since(self) -> datetime | None:
        """From when the ten days count: since it was sent, or since the resource asked for time."""
        return self.later_at or self.sent_at

    @property
    def fingerprint(self) -> str:
        """Of the mail as it stands: who sends it says with it what they saw."""
        said = (self.way.value, self.mail_to, self.mail_reply, self.mail_subject, self.mail_text)
        return hashlib.sha256("\n".join(each or "" for each in said).encode()).hexdigest()[:32]

    def send(self, day: date) -> None:
        """Let it leave, on this local date; what counts is counted from now on. Twice changes nothing."""
        if self.state != ReferralState.draft:
            return
        self.state, self.sent_by, self.sent_at, self.sent_on = ReferralState.sent, place().user_id, now(), day
        journal.note("referred", "person", self.person_id)
        ledger.mark(day)

    def answer_with(self, accepted: bool, words: str | None, day: date, by_user: UUID | None = None) -> None:
        """The resource's answer. The first one stands."""
        if not self.waits:
            return
        self.state = ReferralState.accepted if accepted else ReferralState.refused
        self.answer, self.answered_at, self.answered_on, self.answered_by = words or None, now(), day, by_user
        journal.note("answered", "referral", self.id)
        ledger.mark(day)

    def answer_later(self) -> None:
        """The resource takes its time: the reminder counts from here. Said again it moves nothing, or thirty days would never end."""
        if self.waits and self.later_at is None:
            self.later_at = now()
            journal.note("will answer", "referral", self.id)

    def tell_outcome(self, outcome: Outcome, on: date, words: str | None) -> None:
        """What became of it, as a companion tells. Told again replaces what was told."""
        if self.outcome_on:
            ledger.mark(self.outcome_on)
        self.outcome, self.outcome_on, self.outcome_words = outcome, on, words or None
        journal.note("told outcome", "referral", self.id)
        ledger.mark(on)

    def end(self, state: ReferralState, on: date, because: str | None = None) -> None:
        """Cancelled, expired or stopped: its link says no more than that nobody waits. What was answered stays as it is."""
        if self.state not in OPEN:
            return
        self.state, self.ended_on, self.ended_because = state, on, because
        journal.note(str(state), "referral", self.id)
        ledger.mark(on)


def whole() -> Select[Referral]:
    """Referrals with their resource, service and companion."""
    return select(Referral).options(joinedload(Referral.resource), joinedload(Referral.service), joinedload(Referral.companion))


def referrals_of(person_id: UUID) -> Select[Referral]:
    """The referrals of a person, the latest first."""
    return whole().where(Referral.person_id == person_id).order_by(Referral.opened_at.desc(), Referral.id.desc())


def waiting(before: datetime) -> Select[Referral]:
    """Referrals that wait for an answer since before this instant, the oldest first."""
    since = sa.func.coalesce(Referral.later_at, Referral.sent_at)
    return select(Referral).where(Referral.state == ReferralState.sent, since < before).order_by(Referral.sent_at, Referral.id)


def stop(person_id: UUID, state: ReferralState, on: date, because: str | None = None) -> None:
    """End every open referral of a person. Nothing is mailed."""
    for referral in db.session.scalars(select(Referral).where(Referral.person_id == person_id, Referral.state.in_(OPEN))):
        referral.end(state, on, because)


# What was asked and answered counts in its month; whom it was for, what was written and by whom goes. A resource that still may answer is let be.
keeps(
    Referral,
    *(column.name for column in Referral.__table__.c if column.name.endswith("_sealed") and column.nullable),
    *("opened_by", "sent_by", "answered_by", "companion_id"),
    which=Referral.sent_on.is_not(None),
    reason_sealed=EMPTY,
    state=sa.case((Referral.state == ReferralState.sent, ReferralState.stopped), else_=Referral.state),
)
