"""How far a recount of everybody has come, so that one that was stopped goes on there.

Told through Redis: if it is lost, the next run begins anew, which costs time and nothing else.
"""

from typing import cast
from uuid import UUID

from workers.queue import connection

KEPT = 7 * 24 * 3600


def _key(check: bool) -> str:
    # Looking and correcting are two walks: one does not go on where the other stopped.
    return "recount:looked" if check else "recount:corrected"


def stopped_after(check: bool) -> UUID | None:
    """The collective after which an earlier run stopped, within a week; None if the last one came to its end."""
    said = connection().get(_key(check))
    return UUID(cast(bytes, said).decode()) if said else None


def remember(check: bool, collective_id: UUID) -> None:
    """Everybody up to this collective is counted."""
    connection().set(_key(check), str(collective_id), ex=KEPT)


def forget(check: bool) -> None:
    """The walk came to its end, or is to begin anew."""
    connection().delete(_key(check))
