"""The second step of a sign-in: a code from an application, a passkey, or a recovery code. And what takes it away."""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from pyotp.totp import TOTP
from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.models import User
from app.accounts.seals import hash_fits, hashed_for, seal_for, unseal_for
from app.db import Instant, Model, db, new_id, now
from tenants.rows import Global

STEP = 30
WAITING_TIME = timedelta(hours=24)
RECOVERY_CODES = 10
# What the secret of an application is sealed as.
GENERATOR = "code-generator"
# Without 0 and O, 1, I and L: they are read from paper. Ten of them are 49 bits.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def plain(code: str) -> str:
    """A code as it is compared, however it was typed: in capitals, without spaces and dashes."""
    return "".join(each for each in code.upper() if each.isalnum())


class CodeGenerator(Global, Model):
    """An application that shows six digits, new every thirty seconds (RFC 6238). One for each account."""

    __tablename__ = "code_generators"

    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    made_at: Mapped[Instant]
    # The step of the latest code that was taken: that code and those before it are used up.
    last_step: Mapped[int] = mapped_column(sa.BigInteger, default=0)

    @property
    def secret(self) -> str:
        """What application and house share, in base32."""
        return unseal_for(self.user_id, GENERATOR, self.secret_sealed)

    def takes(self, code: str) -> bool:
        """Whether this is the present code, or the one before or after it, and was not used yet. It is used up then."""
        totp, typed, present = TOTP(self.secret), plain(code).encode(), int(now().timestamp()) // STEP
        fits = [step for step in (present - 1, present, present + 1) if hmac.compare_digest(totp.at(step * STEP).encode(), typed)]
        fresh = [step for step in fits if step > self.last_step]
        self.last_step = max([self.last_step, *fresh])
        return bool(fresh)


class Passkey(Global, Model):
    """A key that a phone, a computer or a stick keeps, and that never leaves it (WebAuthn)."""

    __tablename__ = "passkeys"
    __table_args__ = (sa.Index("ix_passkeys_user_id", "user_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary)
    sign_count: Mapped[int] = mapped_column(sa.BigInteger)
    device: Mapped[str] = mapped_column(sa.String(120))
    made_at: Mapped[Instant]
    used_at: Mapped[datetime | None]


class RecoveryCode(Global, Model):
    """One of ten codes on paper, each good for one sign-in. Only its hash is kept, sealed."""

    __tablename__ = "recovery_codes"
    __table_args__ = (sa.UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(sa.LargeBinary)
    used_at: Mapped[datetime | None]


class FactorRemoval(Global, Model):
    """Someone asked that an account's second step be taken away. It is, a day later, unless the account says no."""

    __tablename__ = "factor_removals"
    __table_args__ = (sa.Index("ix_factor_removals_user_id", "user_id"), sa.Index("ix_factor_removals_due_at", "due_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    requested_by: Mapped[UUID] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    asked_at: Mapped[Instant]
    due_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]

    @property
    def waits(self) -> bool:
        """Whether it can still be cancelled."""
        return self.cancelled_at is None and self.done_at is None

    def cancel(self) -> None:
        """The account said no. Saying it twice changes nothing."""
        self.cancelled_at = self.cancelled_at or now()


def generator_of(user_id: UUID) -> CodeGenerator | None:
    """The application of an account, locked, so that one code sent twice at once is taken once."""
    return db.session.get(CodeGenerator, user_id, with_for_update=True)


def passkeys_of(user_id: UUID) -> Select[Passkey]:
    """The passkeys of an account, the oldest first."""
    return select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.made_at, Passkey.id)


def unused_codes() -> Select[RecoveryCode]:
    """The recovery codes of all accounts that were not used yet, the oldest first."""
    return select(RecoveryCode).where(RecoveryCode.used_at.is_(None)).order_by(RecoveryCode.id)


def recovery_codes_left(user_id: UUID) -> int:
    """How many recovery codes were not used yet."""
    unused = select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def waiting_removals(*user_ids: UUID) -> Select[FactorRemoval]:
    """The removals asked for these accounts that have neither been done nor cancelled, the first due first."""
    waiting = select(FactorRemoval).where(FactorRemoval.cancelled_at.is_(None), FactorRemoval.done_at.is_(None))
    return waiting.where(FactorRemoval.user_id.in_(user_ids)).order_by(FactorRemoval.due_at, FactorRemoval.id)


def add_generator(user: User, secret: str, code: str) -> bool:
    """Take an application whose present code is this one, in the place of a former one. False when the code does not fit."""
    sealed = seal_for(user.id, GENERATOR, secret)
    generator = CodeGenerator(user_id=user.id, secret_sealed=sealed, last_step=0)
    if not generator.takes(code):
        return False
    db.session.merge(generator)
    user.second_step_since = user.second_step_since or now()
    return True


def make_recovery_codes(user: User) -> list[str]:
    """Ten new codes, to be shown once; the former ones open nothing any more."""
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=hashed_for(user.id, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def takes_code(user: User, code: str) -> bool:
    """Whether six digits or a recovery code open the second step. Either is used up by it."""
    generator = generator_of(user.id)
    if generator is not None and generator.takes(code):
        return True
    typed = plain(code)
    kept = db.session.scalars(unused_codes().where(RecoveryCode.user_id == user.id).with_for_update()).all()
    paper = next((each for each in kept if hash_fits(user.id, typed, each.code_hash)), None)
    if paper is None:
        return False
    paper.used_at = now()
    return True


def forget_second_step(user: User) -> None:
    """Take away every application, passkey and recovery code of an account."""
    for kind in (CodeGenerator, Passkey, RecoveryCode):
        db.session.execute(delete(kind).where(kind.user_id == user.id))
    user.second_step_since = None


def settle(user: User) -> None:
    """After one has been taken away: with neither an application nor a passkey left, there is no second step."""
    if db.session.get(CodeGenerator, user.id) is None and db.session.scalar(passkeys_of(user.id).limit(1)) is None:
        forget_second_step(user)
