"""People who sign in, their sign-ins, and the invitations that bring them into a collective."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from flask_login import UserMixin, current_user
from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy_utils import ChoiceType, EmailType

from app.accounts.passwords import hashed, matches
from app.db import Instant, Model, db, new_id, now
from tenants.models import Collective, Membership, Role
from tenants.questions import Question
from tenants.rows import Global, Tenanted

INVITATION_LASTS = timedelta(days=14)
MOMENT = timedelta(minutes=10)


class Language(StrEnum):
    """The languages of the screen."""

    fr = "fr"
    en = "en"


class Theme(StrEnum):
    """Light, dark, or what the device asks for."""

    auto = "auto"
    light = "light"
    dark = "dark"


class User(UserMixin, Global, Model):
    """Someone with an account. No inhabitant has one."""

    __tablename__ = "users"
    # `sign_in` is no column: it is how this user came in, known for the length of a request.
    __allow_unmapped__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # EmailType stores it in lower case, so that one address is one account.
    email: Mapped[str] = mapped_column(EmailType(254), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    language: Mapped[Language] = mapped_column(ChoiceType(Language, impl=sa.String(2)), default=Language.fr)
    theme: Mapped[Theme] = mapped_column(ChoiceType(Theme, impl=sa.String(5)), default=Theme.auto)
    is_network: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    # Since when a sign-in has a second step; its parts are in `factors`. Kept here because every page of a person's file asks.
    second_step_since: Mapped[datetime | None]
    # Whether a mail on Monday says how much waits.
    weekly_digest: Mapped[bool] = mapped_column(default=True, server_default=sa.true())

    sign_in: "SignIn | None" = None

    @property
    def password(self) -> str:
        """Not readable: only its hash is kept."""
        raise AttributeError("Passwords cannot be read.")

    @password.setter
    def password(self, text: str) -> None:
        self.password_hash = hashed(text)

    def opens_with(self, text: str) -> bool:
        """Whether this is the password. Takes about as long either way."""
        return matches(self.password_hash, text)

    def get_id(self) -> str:
        """What the signed cookie carries: who, and by which sign-in."""
        if self.sign_in is None:
            raise RuntimeError("A user gets a cookie through a sign-in.")
        return f"{self.id}.{self.sign_in.id}"


class SignIn(Global, Model):
    """One device, signed in since an instant. A signed cookie cannot be taken back; a row can."""

    __tablename__ = "sign_ins"
    __table_args__ = (sa.Index("ix_sign_ins_user_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(sa.String(120))
    started_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    ended_at: Mapped[datetime | None]

    def end(self) -> None:
        """Close this sign-in: its cookie opens nothing from now on."""
        self.ended_at = self.ended_at or now()


class Invitation(Tenanted, Model):
    """A place offered in the present collective to an address, in a role, for fourteen days."""

    __tablename__ = "invitations"
    stamped = True

    email: Mapped[str] = mapped_column(EmailType(254))
    role: Mapped[Role] = mapped_column(ChoiceType(Role, impl=sa.String(16)))
    invited_by: Mapped[UUID | None]
    opened_at: Mapped[Instant]
    expires_at: Mapped[datetime] = mapped_column(default=lambda: now() + INVITATION_LASTS)
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.withdrawn_at is None and self.expires_at > now()

    @property
    def left_lately(self) -> bool:
        """Whether its mail left a moment ago: whoever asks for it again has sent twice, or two have at once."""
        return self.expires_at > now() + INVITATION_LASTS - MOMENT

    def renew(self, role: Role, by: UUID | None) -> None:
        """Offer it again, in a role that may be another: the links of all its mails open it."""
        self.role, self.invited_by, self.expires_at = role, by, now() + INVITATION_LASTS

    def withdraw(self) -> None:
        """Take it back: its link says so from now on."""
        self.withdrawn_at = self.withdrawn_at or now()


def own_account() -> User:
    """The account of whoever is signed in, to be written to; `current_user` is only read."""
    return db.session.get_one(User, current_user.id)


def user_by_email(email: str) -> User | None:
    """The account of an address, in any case of letters."""
    return db.session.scalar(select(User).where(User.email == email.strip().lower()))


# Every request asks one of these two.
SIGN_IN = (
    select(User, SignIn)
    .join(SignIn, SignIn.user_id == User.id)
    .where(User.id == bindparam("user_id"), SignIn.id == bindparam("sign_in_id"), SignIn.ended_at.is_(None), SignIn.seen_at > bindparam("since"))
)
PRESENT_SIGN_IN = Question(SIGN_IN)
AT_A_DOOR = Question(
    SIGN_IN.add_columns(Membership, Collective)
    .outerjoin(Collective, Collective.slug == bindparam("slug"))
    .outerjoin(Membership, sa.and_(Membership.collective_id == Collective.id, Membership.user_id == User.id, Membership.left_at.is_(None)))
)


def present_sign_in(user_id: UUID, sign_in_id: UUID, idle: timedelta, slug: str | None) -> Any:
    """The user of a cookie with its sign-in, if that has not ended nor been idle for longer than `idle`; None otherwise.

    At the door of a workspace the membership and the collective of its slug as well, in the same round trip; None for each that is not there.
    All of them are only read.
    """
    told = {"user_id": user_id, "sign_in_id": sign_in_id, "since": now() - idle}
    return AT_A_DOOR.one(**told, slug=slug) if slug else PRESENT_SIGN_IN.one(**told)


def sign_ins_of(user_id: UUID) -> Select[SignIn]:
    """The devices someone is signed in on, the latest seen first."""
    return select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)).order_by(SignIn.seen_at.desc(), SignIn.id)


WAITING_INVITATIONS = Question(
    select(Invitation)
    .where(Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > bindparam("moment", required=True))
    .order_by(Invitation.opened_at.desc(), Invitation.id)
)


def waiting_for(email: str) -> Select[Invitation]:
    """The invitation of the present collective that waits for an address."""
    waits = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now())
    return select(Invitation).where(Invitation.email == email, *waits).order_by(Invitation.opened_at.desc()).limit(1)


def waiting_invitations() -> list[Invitation]:
    """Invitations of the present collective that can still be accepted, the latest first. They are only read."""
    return WAITING_INVITATIONS.ask(moment=now())
