"""Words that templates need: dates, hours, periods, figures, roles."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext, to_user_timezone
from markupsafe import Markup, escape

from app.accounts.devices import device_name
from app.accounts.forms import ROLE_NAMES
from app.followup import words as together
from app.languages import clock, numbers, present_locale, written_date, written_number
from app.outreach.encounters import Outcome
from app.outreach.forms import KIND_NAMES, KIND_SIGNS
from app.outreach.models import RoundState
from app.pages import addresses
from app.phone_numbers import spoken
from tenants.disclosure import BELOW, SMALL, Reason, rounded
from tenants.indicator_words import ONE
from tenants.indicators import CATALOGUE, Indicator
from tenants.months import EVER

OUTCOME_NAMES = {
    Outcome.nobody: _l("personne"),
    Outcome.refused: _l("refus"),
    Outcome.talked: _l("échange"),
    Outcome.again: _l("à revoir"),
    Outcome.isolation: _l("isolement"),
}
# What a door says in the grid: whoever stands in the stairwell may read it over a shoulder, the next neighbour too.
DOOR_NAMES = {**OUTCOME_NAMES, Outcome.isolation: _l("à suivre")}
STATE_NAMES = {RoundState.planned: _l("prévue"), RoundState.running: _l("en cours"), RoundState.closed: _l("terminée")}

# Why a published cell does not say its count as it is.
PROTECTIONS = {
    Reason.rounded: _l("Arrondi à 5 près, pour que personne ne se reconnaisse."),
    Reason.small: _l("De 1 à %(last)d, nous écrivons « moins de %(limit)d ».", last=BELOW - 1, limit=BELOW),
    Reason.few_collectives: _l("Moins de trois collectifs sont concernés : le nombre se lit au niveau du territoire plus large."),
    Reason.whole: _l("Une seule réponse vaut pour tout le monde : le détail n’est pas donné."),
    Reason.narrowed: _l("Avec les autres nombres publiés, on pourrait retrouver celui-ci : il n’est pas donné."),
    Reason.few_people: _l("Moins de %(limit)d personnes ou foyers : pas de pourcentage.", limit=BELOW),
}


def day(value: date) -> str:
    """A date with its weekday: "samedi 5 mars"."""
    return written_date(value, "EEEE d MMMM")


def long_day(value: date) -> str:
    """A date with its year: "5 mars 2026"."""
    return written_date(value, "d MMMM y")


def short_day(value: date) -> str:
    """A date for a column: "5 mars 2026", the month shortened where it is long."""
    return written_date(value, "d MMM y")


def instant(value: datetime) -> str:
    """A date and an hour."""
    there = to_user_timezone(value)
    return f"{written_date(there.date(), 'd MMMM')}, {clock(there.time())}"


def moment(text: str) -> str:
    """A local day and hour kept as "2026-12-03T14:00", in words."""
    at = datetime.fromisoformat(text)
    return f"{day(at.date())}, {clock(at.time())}"


def period_name(period: str) -> str:
    """A period in words: "mars 2026", "2026", "depuis le début"."""
    if period == EVER:
        return _("depuis le début")
    return written_date(date.fromisoformat(f"{period}-01"), "MMMM y") if len(period) == 7 else period


def shown(count: int) -> str:
    """A count of people for the network's working view, as a table to download writes it."""
    safe = rounded(count)
    return _("moins de %(limit)d", limit=SMALL) if safe is None else str(safe)


def figure(indicator: Indicator | str, value: int | None, exact: bool = False) -> str:
    """A figure as it may be read: hours from minutes, people protected unless the reader is of the team."""
    which = CATALOGUE[indicator] if isinstance(indicator, str) else indicator
    number = value or 0
    if which.protected and not exact:
        safe = rounded(number)
        return shown(number) if safe is None else written_number(safe)
    if which.code == "volunteer_minutes":
        return written_number(round(number / 60, 1) if number % 60 else number // 60)
    return written_number(number)


def figure_name(indicator: Indicator | str, value: int | None, exact: bool = False) -> str:
    """The name of a figure under its value, which it agrees with: "1 personne autonome", "3 personnes autonomes"."""
    which, number = CATALOGUE[indicator] if isinstance(indicator, str) else indicator, value or 0
    if which.protected and not exact:
        # Who reads "moins de 8" thinks of several.
        read: float | None = rounded(number)
    else:
        read = number / 60 if which.code == "volunteer_minutes" else number
    alone = read is not None and present_locale().plural_form(int(read) if read == int(read) else read) == "one"
    return str(ONE.get(which.code, which.label) if alone else which.label)


class Column(dict[int, str]):
    """The cells of a column, each figure written when it first stands in it: those of fifty places are often the same."""

    def __init__(self, write: Callable[[int], str], head: str) -> None:
        self.write, self.head = write, head

    def __missing__(self, value: int) -> str:
        cell = self[value] = f"{self.head}>{self.write(value)}</td>" if value else f'{self.head} class="nil">0</td>'
        return cell


def cells(columns: Sequence[Indicator], first: str = "") -> Callable[..., Markup]:
    """Writes the cells of one row of a long table from its figures, {indicator: value}, for those who are not of the team; before them, where
    `first` names a column of words, the word that is given with the figures.

    The words of a column are looked up and escaped once: four hundred cells, one by one, took as long as all the rest of the page.
    """
    few, number = str(escape(_("moins de %(limit)d", limit=SMALL))), numbers()

    def people(value: int) -> str:
        return few if (safe := rounded(value)) is None else number(safe)

    def hours(value: int) -> str:
        return number(round(value / 60, 1) if value % 60 else value // 60)

    def writer(which: Indicator) -> Callable[[int], str]:
        return people if which.protected else hours if which.code == "volunteer_minutes" else number

    written = [(each.code, Column(writer(each), f'<td data-label="{escape(each.label)}"')) for each in columns]

    before: dict[str, str] = {"": ""}

    def row(figures: Mapping[str, int], word: str = "") -> Markup:
        # Many rows have the same word.
        if word not in before:
            before[word] = f'<td data-label="{escape(first)}">{escape(word)}</td>'
        return Markup("".join([before[word], *[column[figures.get(code) or 0] for code, column in written]]))  # noqa: S704  # words are escaped above, figures are digits

    return row


def floor_name(floor: int) -> str:
    """A floor in words."""
    if floor == 0:
        return _("Rez-de-chaussée")
    return _("1er étage") if floor == 1 else _("%(number)de étage", number=floor)


def people(names: list[str], companions: int = 0) -> str:
    """A team in words: "Maëlle et Bernard, et une autre personne"."""
    together = _(" et ").join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
    if not companions:
        return together
    others = ngettext("une autre personne", "%(num)d autres personnes", companions)
    return _("%(team)s, avec %(others)s", team=together, others=others) if together else others


def aloud(number: str) -> str:
    """A telephone number that stands on one line."""
    return spoken(number).replace(" ", "\u00a0")


def first_name(name: str) -> str:
    """How one is greeted."""
    return name.split()[0] if name.split() else name


def register(house: Flask) -> None:
    """Give the words to templates."""
    house.jinja_env.filters.update(
        day=day,
        long_day=long_day,
        short_day=short_day,
        instant=instant,
        moment=moment,
        period_name=period_name,
        floor_name=floor_name,
        first_name=first_name,
        device_name=device_name,
        spoken=aloud,
        number=written_number,
    )
    words: dict[str, Any] = {
        "indicator": CATALOGUE.__getitem__,
        "figure": figure,
        "figure_name": figure_name,
        "cells": cells,
        "people": people,
        "addresses": addresses,
        "ROLE_NAMES": ROLE_NAMES,
        "OUTCOME_NAMES": OUTCOME_NAMES,
        "DOOR_NAMES": DOOR_NAMES,
        "STATE_NAMES": STATE_NAMES,
        "KIND_NAMES": KIND_NAMES,
        "KIND_SIGNS": KIND_SIGNS,
        "hours": together.hours,
        "clock": clock,
        "hosts_words": together.hosts_words,
        "GATHERING_STATES": together.STATE_NAMES,
        "ACTIVITY_KINDS": together.KIND_NAMES,
        "BECAUSE_NAMES": together.BECAUSE_NAMES,
        "SIDE_NAMES": together.SIDE_NAMES,
    }
    house.jinja_env.globals.update(words)
