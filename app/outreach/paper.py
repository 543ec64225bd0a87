"""Paper: the code that finds a round again, and what a sheet typed back in changes.

A sheet says what stands at a door, not what happened once more: only what differs from what is noted already is logged, so that a
sheet typed twice, or by two people, counts once.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from app.db import db
from app.outreach.buildings import Building
from app.outreach.encounters import CONVERSATIONS, Encounter, Outcome, log_counts, log_doors, unsay_refusal
from app.outreach.models import OutreachKind, Round
from app.outreach.queries import Tally, buildings_of, standing
from tenants.founding import READABLE

CODE_LENGTH = 5
MOST_COUNTED = 2000
# One key for an outcome, the same in every language: it is what the sheet of paper says.
KEYS = {"p": Outcome.nobody, "r": Outcome.refused, "e": Outcome.talked, "v": Outcome.again, "i": Outcome.isolation}
ANSWERS = KEYS | {str(number): outcome for number, outcome in enumerate(KEYS.values(), 1)}
# What is written down on a round without doors. Phoning has no paper: its numbers are handed out one by one and never printed.
COLUMNS = {
    OutreachKind.street_walk: [_l("Heure"), _l("Où"), _l("Personnes croisées"), _l("Échanges"), _l("Remarqué dans la rue")],
    OutreachKind.courtesy_visit: [_l("Prénom ou immeuble"), _l("Qui y est allé"), _l("Comment cela s’est passé")],
    OutreachKind.solidarity_ride: [_l("De"), _l("À"), _l("Au volant"), _l("Kilomètres"), _l("Personnes"), _l("Retour aussi ?")],
    OutreachKind.project_support: [_l("Projet"), _l("Prénoms"), _l("Où il en est"), _l("Prochaine étape"), _l("Quel jour")],
}


def round_code(round_id: UUID) -> str:
    """Five letters for a round, made of its id. Two rounds of one collective may share them: whoever looks one up is then asked which."""
    number = int.from_bytes(hashlib.blake2b(round_id.bytes, digest_size=8).digest(), "big")
    letters = []
    for _position in range(CODE_LENGTH):
        number, rest = divmod(number, len(READABLE))
        letters.append(READABLE[rest])
    return "".join(letters)


def rounds_with_code(text: str, short_code: str, since: date) -> list[Round]:
    """Rounds from a local date on whose code was typed, the latest first; with or without the collective's own code before it."""
    letters = "".join(each for each in text.upper() if each.isalnum())
    if letters[:-CODE_LENGTH] not in ("", short_code):
        return []
    ids = db.session.scalars(select(Round.id).where(Round.day >= since))
    same = [each for each in ids if round_code(each) == letters[-CODE_LENGTH:]]
    return list(db.session.scalars(select(Round).where(Round.id.in_(same)).order_by(Round.day.desc(), Round.id.desc()))) if same else []


def held(round_: Round) -> Round:
    """The round as it is now, held until the transaction ends: two people typing one sheet take turns, and taps do not wait."""
    statement = select(Round).where(Round.id == round_.id).with_for_update(key_share=True)
    return db.session.scalars(statement, execution_options={"populate_existing": True}).one()


@dataclass(slots=True)
class Line:
    """A door, or an outcome of a counted place: what stands there, what was typed, and what is wrong with it."""

    name: str
    label: str
    floor: int
    stands: Outcome | int | None
    typed: str
    outcome: Outcome | None = None
    more: int = 0
    trouble: str = ""


@dataclass(slots=True)
class Part:
    """A building with a line for each door, by floor; or a counted place with a line for each outcome."""

    building: Building
    floors: list[tuple[int, list[Line]]] = field(default_factory=list)
    counts: list[Line] = field(default_factory=list)

    def lines(self) -> Iterator[Line]:
        """All its lines, as they are shown."""
        for _floor, lines in self.floors:
            yield from lines
        yield from self.counts


@dataclass(slots=True)
class Sheet:
    """A whole round as it is typed in."""

    round: Round
    parts: list[Part]

    def lines(self) -> Iterator[Line]:
        """All lines, building by building."""
        for part in self.parts:
            yield from part.lines()

    @property
    def troubles(self) -> int:
        """How many lines cannot be read."""
        return sum(bool(line.trouble) for line in self.lines())

    @property
    def typed(self) -> bool:
        """Whether anything was typed at all."""
        return any(line.typed for line in self.lines())

    def log(self, carried: UUID) -> int:
        """Note what differs from what stands. Returns how many doors are new or corrected.

        `carried` is the gesture the form came with. What was typed is part of the gesture, so that the same form sent again
        is the same gesture, and a form gone back to and corrected is another.
        """
        gesture = uuid5(carried, "&".join(f"{line.name}={line.typed}" for line in self.lines() if line.typed))
        noted = 0
        for part in self.parts:
            doors = [line for line in part.lines() if line.outcome and not part.counts and line.outcome != line.stands]
            for outcome in Outcome:
                chosen = [(line.floor, line.label) for line in doors if line.outcome == outcome]
                noted += log_doors(self.round, part.building, chosen, outcome, gesture) if chosen else 0
            for line in doors:
                # A slip of the key that was corrected; who merely did not open leaves the wish as it is.
                if line.stands == Outcome.refused and line.outcome in CONVERSATIONS:
                    unsay_refusal(part.building, (line.floor, line.label))
            more = {line.outcome: line.more for line in part.counts if line.outcome and line.more}
            if more and log_counts(self.round, part.building, more, gesture):
                noted += sum(more.values())
        return noted


def read_sheet(round_: Round, typed: Mapping[str, str]) -> Sheet:
    """The round's doors with what stands at each, and what was typed for each. Names that are no door of this round are not read."""
    doors: dict[tuple[UUID, int, str], Outcome] = {}
    tallies: dict[UUID, Tally] = {}
    for row in db.session.execute(standing(Encounter.round_id == round_.id)):
        if row.door is not None:
            doors[(row.building_id, row.floor, row.door)] = Outcome(row.outcome)
        else:
            tally = tallies.setdefault(row.building_id, Tally())
            setattr(tally, row.outcome, getattr(tally, row.outcome) + row.tally)
    parts = []
    for building in db.session.scalars(buildings_of(round_.id)):
        part = Part(building)
        for floor, names in building.layout():
            lines = [_door(f"{building.id.hex}.{floor}.{each}", each, floor, doors.get((building.id, floor, each)), typed) for each in names]
            part.floors.append((floor, lines))
        if not part.floors:
            tally = tallies.get(building.id, Tally())
            part.counts = [_count(f"{building.id.hex}.{each}", each, getattr(tally, each), typed) for each in KEYS.values()]
        parts.append(part)
    return Sheet(round_, parts)


def _door(name: str, label: str, floor: int, stands: Outcome | None, typed: Mapping[str, str]) -> Line:
    line = Line(name, label, floor, stands, typed.get(name, "").strip()[:8])
    line.outcome = ANSWERS.get(line.typed.lower())
    if line.typed and line.outcome is None:
        line.trouble = _("Une seule lettre : p, r, e, v ou i.")
    return line


def _count(name: str, outcome: Outcome, stands: int, typed: Mapping[str, str]) -> Line:
    line = Line(name, outcome, 0, stands, typed.get(name, "").strip()[:8], outcome)
    if not line.typed:
        return line
    if not (line.typed.isascii() and line.typed.isdecimal()) or int(line.typed) > MOST_COUNTED:
        line.trouble = _("Un nombre de 0 à 2000.")
    elif int(line.typed) < stands:
        line.trouble = ngettext(
            "%(num)d est déjà comptée. Un nombre plus petit ne la retire pas : annulez sur la page du lieu.",
            "%(num)d sont déjà comptées. Un nombre plus petit ne les retire pas : annulez sur la page du lieu.",
            stands,
        )
    else:
        line.more = int(line.typed) - stands
    return line
