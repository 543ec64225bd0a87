"""Jobs of the ledger."""

from app.db import db
from tenants import ledger
from workers.queue import job


@job
def recount_what_changed() -> None:
    """The nightly sweep: count again every month that is marked, and the two latest that have figures.

    The latest two are where a lost mark would hurt; older months are counted again when something in them changes.
    """
    marked = set(db.session.scalars(ledger.months_waiting()))
    latest = set(list(db.session.scalars(ledger.months_counted()))[-2:])
    for month in sorted(marked | latest):
        ledger.recount(month)
