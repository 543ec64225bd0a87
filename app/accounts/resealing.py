"""What accounts have under the master key, sealed anew when that changes: the secrets of their applications, the hashes of their recovery codes."""

from uuid import UUID

from sqlalchemy import select

from app.accounts.factors import GENERATOR, CodeGenerator, unused_codes
from app.accounts.factors import RecoveryCode as Code
from app.accounts.seals import reseal_for, reseal_hash
from app.db import db
from tenants.masters import Tally

# At a time: whoever signs in with one of them waits for a few milliseconds.
SOME = 200


def reseal_generators(after: UUID | None, *, write: bool) -> tuple[Tally, UUID | None]:
    """The next secrets of applications, by account: how many depend on which key, and the last account; None once there are no more.

    With `write` those of the former master key are sealed under the present one.
    """
    query = select(CodeGenerator).order_by(CodeGenerator.user_id).limit(SOME)
    query = query.where(CodeGenerator.user_id > after) if after else query
    tally, last = Tally(), None
    for each in db.session.scalars(query.with_for_update() if write else query).all():
        which, sealed = reseal_for(each.user_id, GENERATOR, each.secret_sealed)
        if write and which.former:
            each.secret_sealed = sealed
        tally, last = tally.plus(which), each.user_id
    return tally, last


def reseal_recovery_codes(after: UUID | None, *, write: bool) -> tuple[Tally, UUID | None]:
    """The next recovery codes that were not used yet, in the same way. What was used opens nothing with any key."""
    query = unused_codes().limit(SOME)
    query = query.where(Code.id > after) if after else query
    tally, last = Tally(), None
    for each in db.session.scalars(query.with_for_update() if write else query).all():
        which, kept = reseal_hash(each.user_id, each.code_hash)
        if write and which.former:
            each.code_hash = kept
        tally, last = tally.plus(which), each.id
    return tally, last
