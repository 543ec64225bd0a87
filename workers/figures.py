"""Jobs of the ledger."""

from app.db import db
from tenants import ledger
from workers.queue import job


@job
def recount_what_changed() -> None:
    """The nightly sweep: count again every month that is marked, and the two latest that have figures, in a few statements for all of them.

    The latest two are where a lost mark would hurt; older months are counted again when something in them changes.
    """
    marked = set(db.session.scalars(ledger.months_waiting()))
    latest = set(list(db.session.scalars(ledger.months_counted()))[-2:])
    if marked | latest:
        ledger.recount_months(marked | latest)
