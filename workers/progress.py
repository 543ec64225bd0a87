"""How far a long job has come. Told through Redis, since what a job writes is seen by nobody before it is done."""

from typing import cast
from uuid import UUID

from workers.queue import connection

KEPT = 3600


def tell(about: UUID, done: int, whole: int) -> None:
    """Say how much of the whole is done."""
    connection().set(f"progress:{about}", min(100, 100 * done // max(whole, 1)), ex=KEPT)


def of(about: UUID) -> int:
    """Hundredths that are done; 0 before the job has begun."""
    said = connection().get(f"progress:{about}")
    return int(cast(bytes, said)) if said else 0
