"""What accounts count for the network: whether a collective still has a coordination."""

from typing import Any

from sqlalchemy import Select, func

from tenants import ledger
from tenants.counting import PeriodCounter, at_present
from tenants.models import Membership, Role


@ledger.counts
@PeriodCounter
def count() -> Select[Any]:
    """Present coordinators, whatever the month."""
    present = at_present(func.count().label("coordinators")).select_from(Membership)
    return present.where(Membership.left_at.is_(None), Membership.role == Role.coordinator)
