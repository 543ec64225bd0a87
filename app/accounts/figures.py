"""What accounts count for the network: whether a collective still has a coordination."""

from datetime import date

from app.accounts.views import count_coordinators
from tenants import ledger


@ledger.counts
def count(start: date, end: date) -> dict[str, int]:
    """Present coordinators, whatever the month."""
    return {"coordinators": count_coordinators()}
