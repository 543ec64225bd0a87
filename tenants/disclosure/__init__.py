"""Counts of people, made so that they reveal nobody (DESIGN.md section 6).

Tables come in, protected tables go out. Nothing here knows the web, the database or a language: what a cell says is an `Answer`
with its `Reason`, and the sentence is said by the caller. The method and its cost: docs/decisions/2026-11-25-what-is-published-is-attacked-first.md.
"""

from tenants.disclosure.attack import narrowed
from tenants.disclosure.protection import CannotProtect, protect, rate
from tenants.disclosure.rounding import BELOW, SMALL, STEP, published, rounded
from tenants.disclosure.tables import Answer, Count, Edition, Key, Reason, Shape, Table

__all__ = [
    "BELOW",
    "SMALL",
    "STEP",
    "Answer",
    "CannotProtect",
    "Count",
    "Edition",
    "Key",
    "Reason",
    "Shape",
    "Table",
    "narrowed",
    "protect",
    "published",
    "rate",
    "rounded",
]
