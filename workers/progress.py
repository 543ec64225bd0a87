"""How far a job has come, for the page of whoever waits for it: two numbers, kept in Redis for an hour."""

from uuid import UUID

import redis

from workers.queue import connection

KEPT = 3600


def say(about: UUID, done: int, total: int) -> None:
    """Tell how much is done. A Redis that does not answer costs the bar and nothing else."""
    try:
        connection().set(f"progress:{about}", f"{done}/{total}", ex=KEPT)
    except redis.RedisError:
        return


def said(about: UUID) -> tuple[int, int] | None:
    """How much is done, of how much; None as long as nobody has begun."""
    try:
        kept = connection().get(f"progress:{about}")
    except redis.RedisError:
        return None
    if not isinstance(kept, bytes):
        return None
    done, _slash, total = kept.decode().partition("/")
    return int(done), int(total)
