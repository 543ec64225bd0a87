"""The story of a person with the collective, told in order, and all that is written, to hand over.

Rooms register what they know: a chapter gives events, a section gives lines for the printout. `people` need not know them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from app.people.file import File
from tenants.together import together


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a local date, or will: a title, a few sentences, who told it."""

    on: date
    title: str
    text: str = ""
    by: str = ""
    upcoming: bool = False
    # An address to go on from here, with its words.
    link: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the printout: a heading, and lines of label and text."""

    heading: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for someone of the collective: what, why now, and where the button leads."""

    on: date
    title: str
    why: str
    address: str
    button: str
    sign: str = "person"
    # Someone may need help: it comes before what merely waits.
    pressing: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that another room does for this person: where it begins, its words and its sign."""

    address: str
    words: str
    sign: str
    # In the margin and not among the first buttons.
    aside: bool = False
    # Even when the path is closed.
    always: bool = False


Rows = list[tuple[Any, ...]]
Need = Callable[[UUID], Select[*tuple[Any, ...]]]
Telling = Callable[..., list[Event]]
Part = Callable[[File], list[Section]]
Watch = Callable[[date], list[Waiting]]
Opening = Callable[[File], list[Offer]]
chapters: list[tuple[tuple[Need, ...], Telling]] = []
sections: list[Part] = []
watches: list[Watch] = []
openings: list[Opening] = []


def tells(*needs: Need) -> Callable[[Telling], Telling]:
    """Register the events that a room knows of a person: told from the file, and from the rows of the room's own queries.

    A need makes a query for a person's id; the chapter gets the rows of each after the file. All needs of all rooms are one statement,
    so that a page is not slower for what many rooms know.
    """

    def register(chapter: Telling) -> Telling:
        chapters.append((needs, chapter))
        return chapter

    return register


def prints(part: Part) -> Part:
    """Register what a room has written about a person. Whatever is kept must be here: the person may read it."""
    sections.append(part)
    return part


def waits(watch: Watch) -> Watch:
    """Register what waits in a room on a local date, for the coordination."""
    watches.append(watch)
    return watch


def offers(opening: Opening) -> Opening:
    """Register what a room offers on the page of a person."""
    openings.append(opening)
    return opening


def offers_for(file: File) -> list[Offer]:
    """What can be begun for a person, besides what this room does itself; little once the path is closed."""
    return [offer for opening in openings for offer in opening(file) if offer.always or not file.person.is_closed]


def story_of(file: File) -> list[Event]:
    """All events, what is to come first, then the latest first."""
    found = iter(together(*(need(file.person.id) for needs, _chapter in chapters for need in needs)))
    events = [event for needs, chapter in chapters for event in chapter(file, *(next(found) for _need in needs))]
    return sorted(events, key=lambda event: (event.upcoming, event.on), reverse=True)


def printout_of(file: File) -> list[Section]:
    """Everything that is written about a person, section by section."""
    # What the file itself says comes before what other rooms add.
    parts = sorted(sections, key=lambda part: part.__module__.split(".")[:2] != __name__.split(".")[:2])
    return [section for part in parts for section in part(file)]


def waiting(today: date) -> list[Waiting]:
    """All that waits: what presses first, then what has waited longest."""
    return sorted((each for watch in watches for each in watch(today)), key=lambda each: (not each.pressing, each.on, each.title))
