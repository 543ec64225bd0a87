"""Jobs of the ledger."""

from app.db import db
from tenants import ledger
from tenants.models import Collective
from tenants.months import month_of, today_in
from tenants.scope import here
from workers.queue import job


@job
def recount_what_changed() -> None:
    """The nightly sweep: count again every month that is marked, and the two latest that have figures, in a few statements for all of them.

    The latest two until today are where a lost mark would hurt; older months are counted again when something in them changes, and so are months
    to come, in which only sessions are planned.
    """
    month = month_of(today_in(db.session.get_one(Collective, here()).time_zone))
    marked = set(db.session.scalars(ledger.months_waiting()))
    latest = set(list(db.session.scalars(ledger.months_counted(month)))[-2:])
    if marked | latest:
        ledger.recount_months(marked | latest)
