"""Sheets of a long list. Counting ten thousand rows for "page 3 of 200" costs more than the page: only the next is looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask import request
from sqlalchemy import Select

from app.db import db
from tenants.groups import FIRST, GROUPS, Group

SHEET = 50
# A query built once is cut into sheets once, and goes with its request where a view builds it.
cuts: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Fifty rows at most, their page number, and whether there is a next page."""

    rows: Sequence[Any]
    number: int
    has_next: bool


def page_number() -> int:
    """The page asked for, from 1."""
    try:
        return min(max(int(request.args.get("page", "1")), 1), 100_000)
    except ValueError:
        return 1


def group_asked() -> Group:
    """The group of indicators that the address asks for; the first where it asks for none that there is."""
    return GROUPS.get(request.args.get("groupe", FIRST), GROUPS[FIRST])


def sheet(query: Select[*tuple[Any, ...]]) -> Sheet:
    """The page of a query that the address asks for; rows are entities, or tuples where the query names columns."""
    number = page_number()
    cut = cuts.get(query)
    if cut is None:
        cut = cuts[query] = query.limit(SHEET + 1).offset(sa.bindparam("skipped", type_=sa.Integer))
    found = db.session.execute(cut, {"skipped": (number - 1) * SHEET})
    rows = found.scalars().all() if len(found.keys()) == 1 else found.all()
    return Sheet(rows[:SHEET], number, len(rows) > SHEET)
