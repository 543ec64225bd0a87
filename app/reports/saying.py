"""How the cells of an edition are said, the same on the page, on paper and in spreadsheets."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from app.languages import written_number
from app.reports.content import Content
from app.wording import PROTECTIONS
from tenants.disclosure import BELOW, Answer, Reason

LETTERS = "abcdef"


def value_of(code: str, number: int) -> float:
    """The number in the unit that its label says: hours are counted in minutes."""
    return round(number / 60, 1) if code == "volunteer_minutes" and number % 60 else number // 60 if code == "volunteer_minutes" else number


def said(code: str, answer: Answer) -> str:
    """A cell in words."""
    if answer.withheld:
        return _("non donné")
    if answer.number is None:
        return _("moins de %(limit)d", limit=BELOW)
    return written_number(value_of(code, answer.number))


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is read: its words, the letter of the note that says why, whether it is protected, whether it is 0."""

    text: str
    note: str
    protected: bool
    nothing: bool


@dataclass(frozen=True, slots=True)
class Notes:
    """Why cells do not say their count as it is: a letter for each reason that occurs."""

    letters: dict[Reason, str]

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> "Notes":
        """In the order of the reasons."""
        found = {each.reason for each in answers}
        return cls(dict(zip([each for each in Reason if each in found], LETTERS, strict=False)))

    def cell(self, code: str, answer: Answer) -> Cell:
        """One cell."""
        note = self.letters[answer.reason] if answer.reason else ""
        return Cell(said(code, answer), note, answer.reason is not None, answer.number == 0)

    def sentences(self) -> list[tuple[str, str]]:
        """Letter and sentence."""
        return [(letter, str(PROTECTIONS[reason])) for reason, letter in self.letters.items()]


def method() -> list[str]:
    """How the figures are protected, in a few sentences that stand in each report."""
    return [
        _("Les portes, les appels, les séances et les heures sont comptés tels quels : un acte ne dit pas qui."),
        _(
            "Les nombres de personnes et de foyers sont arrondis à 5 près, totaux compris ; de 1 à %(last)d, nous écrivons « moins de %(limit)d ».",
            last=BELOW - 1,
            limit=BELOW,
        ),
        _(
            "Un nombre auquel moins de trois collectifs contribuent ne se lit que pour le territoire plus large, "
            "sauf si le collectif le publie lui-même."
        ),
        _(
            "Avant de paraître, les tableaux sont relus avec les éditions d’avant, comme le ferait quelqu’un qui cherche à deviner. "
            "Ce qui permettrait de cerner une personne est retiré."
        ),
        _("Une édition ne change plus. Une correction est une autre édition, à côté de la première."),
    ]


def full_title(content: Content) -> str:
    """What the report is called."""
    year, name = content.year, content.parts["publisher"]["name"]
    if content.parts["publisher"]["kind"] == "network":
        return _("L’année %(year)d du réseau", year=year)
    return _("L’année %(year)d à %(name)s", year=year, name=name)


def reach(content: Content) -> str:
    """Of how many collectives a year of the network is, and in how many departments; nothing for a collective's own."""
    number = content.parts["publisher"].get("collectives")
    if number is None:
        return ""
    departments = sum(area.startswith("D") for area in content.areas)
    text = ngettext("Un collectif", "%(num)d collectifs", number) if number else _("Pas encore de collectif")
    return text + (ngettext(", dans un département", ", dans %(num)d départements", departments) if departments else "") + "."


def edition_words(content: Content, day: str) -> str:
    """Which edition this is, and from when."""
    parts = content.parts
    text = (
        _("%(number)de édition, parue le %(day)s", number=parts["edition"], day=day)
        if parts["edition"] > 1
        else _("1re édition, parue le %(day)s", day=day)
    )
    return f"{text}. " + _("Chiffres provisoires : l’année n’est pas finie.") if parts["provisional"] else f"{text}."
