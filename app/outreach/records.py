"""Writing one line into a round, whatever its kind."""

from app.db import Model, db
from app.outreach.models import Round
from tenants import journal, ledger
from tenants.rows import Tenanted, insert_once


def record(round_: Round, row: Model) -> int:
    """Note a row in a round, which begins with it. Returns 0 if its id is already known: what is sent twice counts once."""
    # What the constructor set; the rest has defaults.
    values = {name: value for name, value in vars(row).items() if name in row.__table__.c}
    fresh = insert_once(type(row), [values], journal.line("noted", "round", round_.id), ledger.line(round_.day))
    if fresh:
        round_.start()
        ledger.count_again(round_.day)
    return fresh


def remove(round_: Round, row: Tenanted) -> None:
    """Take a row out of a round again; the figures follow."""
    db.session.delete(row)
    journal.note_removal("line", row.id)
    journal.note("removed", "round", round_.id)
    ledger.mark(round_.day)
