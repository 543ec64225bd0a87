"""Rounding, each number on its own, totals included: hiding small cells beside exact totals let 23 % of them be recovered in a trial attack."""

STEP = 5
# The working view of the network says nothing between 0 and SMALL; what is published says nothing between 0 and BELOW. With a lower limit
# 11 and 12 would be the only values that round to a visible 10.
SMALL = 8
BELOW = 13


def _nearest(count: int) -> int:
    return (count + STEP // 2) // STEP * STEP


def rounded(count: int) -> int | None:
    """The count as the network's working view may show it: 0, or the nearest multiple of 5; None when it is between 1 and 7."""
    return None if 0 < count < SMALL else _nearest(count)


def published(count: int) -> int | None:
    """The count as it may be published: 0, or the nearest multiple of 5; None when it is between 1 and 12."""
    return None if 0 < count < BELOW else _nearest(count)


def interval(number: int) -> tuple[int, int]:
    """The counts that are published as this number: five of them, or 0 alone."""
    return (number - STEP // 2, number + STEP // 2) if number else (0, 0)
