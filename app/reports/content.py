"""The content of an edition: bytes that are frozen, and how they are read again."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask_babel import force_locale

from app.reports.yearly import REGION, SECTIONS, WHOLE
from tenants.disclosure import Answer, Edition, Key, Reason, Shape
from tenants.formulas import FORMULAS
from tenants.indicators import CATALOGUE

FORMAT = 1
LICENCE = {"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"}


def checksum(content: bytes) -> str:
    """SHA-256, as 64 characters."""
    return hashlib.sha256(content).hexdigest()


def definitions() -> list[dict[str, Any]]:
    """What each indicator of the yearly tables means today, in both languages: an edition keeps the definitions it was counted with."""
    said: dict[str, dict[str, dict[str, str]]] = {}
    for language in ("fr", "en"):
        with force_locale(language):
            for section in SECTIONS:
                for code in section.codes:
                    each, formula = CATALOGUE[code], FORMULAS.get(code)
                    words = {"label": str(each.label), "unit": str(each.unit), "explained": str(each.explained), "section": str(section.title)}
                    said.setdefault(code, {})[language] = words | ({"formula": str(formula)} if formula else {})
    return [
        {"code": code, "section": section.code, "counts": CATALOGUE[code].counts, "since": CATALOGUE[code].since.isoformat(), "words": said[code]}
        for section in SECTIONS
        for code in section.codes
    ]


def freeze(about: dict[str, Any], areas: dict[str, str], edition: Edition) -> bytes:
    """The bytes of an edition: what it is about, its areas with their names, its cells, and how they belong together."""
    cells = [
        [key.area, key.indicator, answer.number, answer.reason and answer.reason.value]
        for key, answer in edition.answers.items()
        if key.area in areas
    ]
    shape = {
        "people": sorted(edition.shape.people),
        "areas": {low: high for low, high in sorted(edition.shape.areas.items()) if low in areas},
        "ceilings": dict(sorted(edition.shape.ceilings.items())),
    }
    parts = {**about, "format": FORMAT, "licence": LICENCE, "indicators": definitions(), "areas": areas, "cells": cells, "shape": shape}
    return json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Content:
    """An edition, read again."""

    parts: dict[str, Any]

    @classmethod
    def read(cls, content: bytes) -> "Content":
        """From the bytes that were frozen."""
        return cls(json.loads(content))

    @property
    def year(self) -> int:
        """The year it is about."""
        return int(self.parts["year"])

    @property
    def areas(self) -> dict[str, str]:
        """Areas with their names, the widest first, then the regions."""
        return dict(sorted(self.parts["areas"].items(), key=lambda each: (each[0] != WHOLE, not each[0].startswith(REGION), each[0])))

    def parts_of(self) -> list[tuple[bool, dict[str, str]]]:
        """What stands below the widest, in tables of their own: whether they are regions, and the areas with their names."""
        below = dict(list(self.areas.items())[1:])
        regions = {area: name for area, name in below.items() if area.startswith(REGION)}
        return [each for each in ((True, regions), (False, {area: name for area, name in below.items() if area not in regions})) if each[1]]

    @cached_property
    def answers(self) -> dict[tuple[str, str], Answer]:
        """What each cell says: {(area, indicator): answer}."""
        return {(area, code): Answer(number, Reason(reason) if reason else None) for area, code, number, reason in self.parts["cells"]}

    def edition(self) -> Edition:
        """As the disclosure control reads it."""
        shape = self.parts["shape"]
        answers = {Key(area, code, self.year): answer for (area, code), answer in self.answers.items()}
        return Edition(answers, Shape(frozenset(shape["people"]), shape["areas"], {}, shape["ceilings"]))

    def words(self, language: str) -> dict[str, dict[str, str]]:
        """{indicator: its label, unit, explanation, section}, in the order of the tables."""
        return {each["code"]: each["words"][language] for each in self.parts["indicators"]}

    def sections(self, language: str) -> list[tuple[str, list[str]]]:
        """The tables: title and indicators."""
        found: dict[str, list[str]] = {}
        titles: dict[str, str] = {}
        for each in self.parts["indicators"]:
            found.setdefault(each["section"], []).append(each["code"])
            titles[each["section"]] = each["words"][language]["section"]
        return [(titles[code], codes) for code, codes in found.items()]
