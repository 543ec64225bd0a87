"""One request, one job, one command: one transaction.

Returning commits, raising rolls back. Nothing else in the house says the word.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.db import db

Errand = tuple[Any, ...]

# Called with the errands of a transaction once it has been committed. `workers` puts its
# hand-over here; keeping it a value lets this module know nothing about queues.
on_committed: list[Callable[[list[Errand]], None]] = []
# Called before a place is left and before a commit, to finish what follows from what was written.
_finishes: list[Callable[[], None]] = []


def finishes(verb: Callable[[], None]) -> Callable[[], None]:
    """Register what is to be finished while the place of the writing is still known."""
    _finishes.append(verb)
    return verb


def finish() -> None:
    """Finish what follows from what was written so far."""
    for verb in _finishes:
        verb()


def afterwards(*errand: Any) -> None:
    """Remember something to hand over once the present transaction has been committed.

    A rollback forgets it. Not an `after_commit` listener of SQLAlchemy: that fires on savepoints too, and a
    rollback with no open transaction never clears what it gathered.
    """
    db.session.info.setdefault("errands", []).append(errand)


def hand_over(errands: list[Errand]) -> None:
    """Hand committed errands to whoever performs them."""
    for verb in on_committed:
        verb(errands)


@contextmanager
def transaction(then: Callable[[list[Errand]], None] = hand_over) -> Iterator[None]:
    """Commit on leaving, roll back on raising, then hand the errands over, or do with them what `then` does."""
    try:
        yield
        finish()
        db.session.commit()
    except BaseException:
        db.session.rollback()
        db.session.info.clear()
        raise
    errands = db.session.info.pop("errands", [])
    if errands:
        then(errands)
