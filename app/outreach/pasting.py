"""Pasting a list of numbers into a round: what is added, and which lines the collective knows already. The same when a list is taken up again."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from app.db import db, new_id, now
from app.outreach.models import Round, RoundState
from app.outreach.numbers import MOST_LINES, Faulty, read_list
from app.outreach.phoning import Call, PhoneNumber
from app.outreach.wishes import WishKind, mark_of, standing_among
from tenants import journal
from tenants.keys import seal
from tenants.questions import among
from tenants.rows import insert_once


@dataclass(slots=True)
class Pasted:
    """What became of a pasted list: how many numbers are new, and the lines of which there is something to say.

    Left out are `known` (in the list already), `elsewhere` (they wait in another open round), `heard` (called in another round until there
    was nothing more to try; {line: number}), `unwanted` and `faulty`. Added are `unheard`: still to be called in a round that was closed.
    """

    faulty: list[Faulty]
    added: int = 0
    known: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)
    heard: dict[int, str] = field(default_factory=dict)
    unheard: list[int] = field(default_factory=list)
    unwanted: list[int] = field(default_factory=list)

    @property
    def is_plain(self) -> bool:
        """Whether every line was added, and none of them was known."""
        return not (self.faulty or self.known or self.elsewhere or self.heard or self.unheard or self.unwanted)


class TooManyLines(ValueError):
    """Raised before anything is read when a list is longer than MOST_LINES."""


def paste(round_: Round, text: str, again: bool = False) -> Pasted:
    """Add a pasted list to a round; with `again` also the numbers that were heard in another one.

    Raises TooManyLines. One statement for all numbers: two thousand of them take well under two seconds.
    """
    if len(text.splitlines()) > MOST_LINES:
        raise TooManyLines
    # Two lists pasted at once take turns: each knows what the other added.
    db.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update(key_share=True))
    good, faulty = read_list(text)
    pasted = Pasted(faulty)
    marks = {line: mark_of(WishKind.no_call, number) for line, number in good}
    unwanted = standing_among(WishKind.no_call, set(marks.values()))
    seen = set(db.session.scalars(select(PhoneNumber.mark).where(PhoneNumber.round_id == round_.id)))
    start = db.session.scalar(select(sa.func.coalesce(sa.func.max(PhoneNumber.position), 0)).where(PhoneNumber.round_id == round_.id)) or 0
    others = _in_other_rounds(round_, set(marks.values()))
    rows: list[dict[str, Any]] = []
    for line, number in good:
        mark = marks[line]
        other = others.get(mark)
        if mark in unwanted:
            pasted.unwanted.append(line)
        elif mark in seen:
            pasted.known.append(line)
        elif other and other.waits:
            pasted.elsewhere.append(line)
        elif other and other.heard and not again:
            pasted.heard[line] = number
        else:
            seen.add(mark)
            row_id = new_id()
            sealed = seal(number, f"phone_numbers.number/{row_id}")
            row = {"id": row_id, "round_id": round_.id, "position": start + len(rows) + 1, "number_sealed": sealed, "mark": mark}
            rows.append(row | {"not_before": now()})
            if other and not other.heard:
                # It may have been tried yesterday: the pause between two attempts is the person's, whatever the list.
                pasted.unheard.append(line)
                rows[-1]["not_before"] = max(other.not_before, now())
    pasted.added = insert_once(PhoneNumber, rows) if rows else 0
    if pasted.added:
        journal.note("listed numbers", "round", round_.id)
    return pasted


@dataclass(slots=True)
class _Elsewhere:
    """How a number stands in all other rounds together."""

    not_before: datetime
    waits: bool = False
    heard: bool = False


def leave_to_others(round_: Round) -> int:
    """Before a closed list is taken up again: leave out what waits in another open round by now, or was heard in one since. Returns how many.

    One that nobody tried here goes. One that was tried, or is in someone's hand, is done here: its calls count on. The others wait as long as
    the latest attempt asks for, wherever it was.
    """
    left = (PhoneNumber.round_id == round_.id, PhoneNumber.done.is_(False), PhoneNumber.mark.is_not(None))
    numbers = db.session.scalars(select(PhoneNumber).where(*left).with_for_update()).all()
    others = _in_other_rounds(round_, {each.mark for each in numbers if each.mark}, since=round_.closed_at)
    taken = 0
    for number in numbers:
        other = others.get(number.mark or b"")
        if other is None:
            continue
        if not (other.waits or other.heard):
            number.not_before = max(number.not_before, other.not_before)
            continue
        taken += 1
        if number.attempts or number.held_by:
            number.done = True
        else:
            db.session.delete(number)
    return taken


def _in_other_rounds(round_: Round, marks: set[bytes], since: datetime | None = None) -> dict[bytes, _Elsewhere]:
    """Those of some marks that other rounds have as well, until they are forgotten: two teams would call one person, or one person twice.

    With an instant, heard are those that were called from then on.
    """
    heard = PhoneNumber.done if since is None else sa.and_(PhoneNumber.done, _called_since(since))
    query = select(PhoneNumber.mark, PhoneNumber.round_id, PhoneNumber.done, PhoneNumber.not_before, heard.label("heard"))
    # Asked for by their marks alone: joined with the rounds, PostgreSQL looks for each mark in each round.
    rows = db.session.execute(query.where(PhoneNumber.mark.is_not(None), among(PhoneNumber.mark, marks), PhoneNumber.round_id != round_.id)).all()
    closed = set(db.session.scalars(select(Round.id).where(Round.state == RoundState.closed, Round.id.in_({each.round_id for each in rows}))))
    found: dict[bytes, _Elsewhere] = {}
    for mark, round_id, done, not_before, was_heard in rows:
        other = found.setdefault(mark or b"", _Elsewhere(not_before))
        other.waits |= not done and round_id not in closed
        other.heard |= was_heard
        other.not_before = max(other.not_before, not_before)
    return found


def _called_since(moment: datetime) -> sa.ColumnElement[bool]:
    return select(Call.id).where(Call.round_id == PhoneNumber.round_id, Call.phone_number_id == PhoneNumber.id, Call.at >= moment).exists()
