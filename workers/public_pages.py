"""The public page of a collective follows its permanences."""

from app.reports.public_pages import announce
from workers.queue import job


@job
def announce_permanences() -> None:
    """After a permanence was added, moved or cancelled: whoever reads the public page finds the right day."""
    announce()
