"""Counts of people, made so that they reveal nobody (DESIGN.md section 6, working view).

Each count is rounded to 5 on its own, totals included: hiding small cells beside exact totals let 23 % of them be recovered in
a trial attack.
"""

from flask_babel import gettext as _

SMALL = 8
STEP = 5


def rounded(count: int) -> int | None:
    """The count as it may be shown: 0, or the nearest multiple of 5; None when it is between 1 and 7."""
    if 0 < count < SMALL:
        return None
    return (count + STEP // 2) // STEP * STEP


def shown(count: int) -> str:
    """The protected count in words."""
    safe = rounded(count)
    return _("moins de %(limit)d", limit=SMALL) if safe is None else str(safe)
