"""Whose desk is whose, and the mail on Monday: how much waits for a member, by kind, in words that name nobody."""

from collections import Counter
from datetime import date

from flask_babel import ngettext
from sqlalchemy import func

from app.db import db
from app.people.task_queries import on_the_desk_of, waiting_tasks
from app.people.tasks import OWN, Desk, Task, kinds
from tenants.access import PERMISSIONS
from tenants.models import Membership, Role


def desks_of(role: Role) -> tuple[Desk, ...]:
    """The desks at which members of a role stand, besides their own."""
    return (Desk.coordination, Desk.training) if role in PERMISSIONS["steer a file"] else ()


def waiting_by_kind(member: Membership, today: date) -> dict[str, int]:
    """How many tasks of each kind wait for a member on a local date."""
    query = waiting_tasks(today).where(on_the_desk_of(member.id, desks_of(member.role))).order_by(None)
    counted = query.with_only_columns(Task.kind, func.count()).group_by(Task.kind)
    return {row[0]: row[1] for row in db.session.execute(counted)}


def in_words(counts: dict[str, int]) -> list[str]:
    """One line a kind, in the order of the house; what has no words of its own comes last, together."""
    lines = [said(counts[code]) for code, kind in kinds.items() if counts.get(code) and (said := kind.counted)]
    if own := counts.get(OWN):
        lines.append(ngettext("une chose notée par vous ou pour vous", "%(num)d choses notées par vous ou pour vous", own))
    others = Counter(counts)
    for code, kind in kinds.items():
        if kind.counted:
            del others[code]
    del others[OWN]
    if left := others.total():
        lines.append(ngettext("une autre chose à faire", "%(num)d autres choses à faire", left))
    return lines
