"""Contact circles as a drawing: the nearer to the middle, the more often. Coordinates only; the template draws."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.people.circles import CIRCLES, ContactCircles

CENTRE = (180, 150)
# Radius of each frequency, from never to nearly every day.
RADII = (140, 116, 90, 64, 40)


@dataclass(frozen=True, slots=True)
class Ray:
    """One circle of contact: where its name stands, and where the first and the last measure lie (None if not spoken of)."""

    circle: str
    label: tuple[int, int]
    anchor: str
    first: tuple[int, int] | None
    last: tuple[int, int] | None


def drawn(measures: Sequence[ContactCircles]) -> list[Ray]:
    """A ray for each circle. With a single measure there is only a last point."""
    rays = []
    for position, circle in enumerate(CIRCLES):
        angle = math.radians(-90 + position * 360 / len(CIRCLES))
        # Below the middle a name hangs under its ray, so that it does not lie on a point.
        x, y = _point(angle, 165)
        label = (x, y + (14 if math.sin(angle) > 0.5 else 0))
        anchor = "middle" if abs(math.cos(angle)) < 0.7 else "start" if math.cos(angle) > 0 else "end"
        first = _at(measures[0], circle, angle) if len(measures) > 1 else None
        rays.append(Ray(circle, label, anchor, first, _at(measures[-1], circle, angle)))
    return rays


def _at(measure: ContactCircles, circle: str, angle: float) -> tuple[int, int] | None:
    often = getattr(measure, circle)
    return None if often is None else _point(angle, RADII[often])


def _point(angle: float, radius: int) -> tuple[int, int]:
    return round(CENTRE[0] + radius * math.cos(angle)), round(CENTRE[1] + radius * math.sin(angle))
