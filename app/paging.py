"""Sheets of a long list. Counting ten thousand rows for "page 3 of 200" costs more than the page: only the next is looked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from flask import request
from sqlalchemy import Select

from app.db import db
from tenants.groups import FIRST, GROUPS, Group
from tenants.questions import Question

SHEET = 50
# A query built once is cut into sheets once, and goes with its request where a view builds it. How many rows a sheet has is written into
# the statement: PostgreSQL plans for as many, and for a tenth of the table where it is not told. The first sheet, which most ask for, skips
# nothing: where a statement says how much it skips, PostgreSQL makes a plan for each number anew.
cuts: WeakKeyDictionary[Any, dict[tuple[int, bool], Any]] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Sheet:
    """Fifty rows at most unless asked otherwise, their page number, and whether there is a next page."""

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


def sheet(
    query: Select[*tuple[Any, ...]] | Question, at_once: int = SHEET, told: Mapping[str, Any] | None = None, number: int | None = None
) -> Sheet:
    """A page of a query, the one that the address asks for unless told, so many rows at once; rows are entities, or tuples where the query
    names columns.

    `told` are the values of the query's own parameters.
    """
    number = number or page_number()
    skipped = {"skipped": (number - 1) * at_once} if number > 1 else {}
    kind = (at_once, bool(skipped))
    cut = cuts.setdefault(query, {}).get(kind)
    if cut is None:
        part = (query.query if isinstance(query, Question) else query).limit(sa.literal_column(str(at_once + 1)))
        if skipped:
            part = part.offset(sa.bindparam("skipped", type_=sa.Integer, required=True))
        cut = cuts[query][kind] = Question(part) if isinstance(query, Question) else part
    values = {**(told or {}), **skipped}
    if isinstance(cut, Question):
        rows: Sequence[Any] = cut.ask(**values)
    else:
        found = db.session.execute(cut, values)
        rows = found.scalars().all() if len(found.keys()) == 1 else found.all()
    return Sheet(rows[:at_once], number, len(rows) > at_once)
