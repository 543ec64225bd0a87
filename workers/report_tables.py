"""The tables of an edition as files: CSV with its dictionary and data package, and a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import force_locale

from app.languages import written_date
from app.reports.content import Content
from app.reports.saying import edition_words, full_title, method, said, value_of

Files = dict[str, tuple[str, bytes]]
COLUMNS = (
    (
        "area",
        "string",
        "Code du territoire : FR, REG- et une région, D et un département, C et un collectif",
        "Code of the area: FR, REG- and a region, D and a department, C and a collective",
    ),
    ("area_name", "string", "Nom du territoire", "Name of the area"),
    ("year", "year", "Année", "Year"),
    ("indicator", "string", "Code de l’indicateur, expliqué dans le dictionnaire", "Code of the indicator, explained in the dictionary"),
    ("label", "string", "Nom de l’indicateur en français", "Name of the indicator in French"),
    ("unit", "string", "Unité", "Unit"),
    ("value", "number", "Nombre publié ; vide s’il n’est pas donné", "Published number; empty if it is not given"),
    (
        "protection",
        "string",
        "Pourquoi le nombre n’est pas donné tel quel ; vide s’il est exact",
        "Why the number is not given as it is; empty if it is exact",
    ),
    ("text", "string", "Ce qui se lit sur la page", "What the page says"),
)
DICTIONARY = (
    *("code", "counts", "since", "section_fr", "label_fr", "unit_fr", "explained_fr", "formula_fr"),
    *("section_en", "label_en", "unit_en", "explained_en", "formula_en"),
)


def lines_of(content: Content) -> Iterator[list[Any]]:
    """One line for each cell, in the order of the page."""
    words = content.words("fr")
    with force_locale("fr"):
        for area, name in content.areas.items():
            for code, word in words.items():
                answer = content.answers[area, code]
                number = None if answer.number is None else value_of(code, answer.number)
                reason = answer.reason.value if answer.reason else ""
                yield [area, name, content.year, code, word["label"], word["unit"], number, reason, said(code, answer)]


def _dictionary(content: Content) -> Iterator[list[str]]:
    for each in content.parts["indicators"]:
        words = [each["words"][language].get(word, "") for language in ("fr", "en") for word in ("section", "label", "unit", "explained", "formula")]
        yield [each["code"], each["counts"], each["since"], *words]


def _csv(head: list[str], lines: Iterator[list[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(lines)
    return text.getvalue().encode()


def _edition(content: Content) -> str:
    # Which edition it is, and that its figures are provisional where they are.
    return edition_words(content, written_date(date.fromisoformat(content.parts["published_on"]), "d MMMM y"))


def _package(content: Content) -> bytes:
    """A Frictionless data package (https://specs.frictionlessdata.io), so that machines read what the columns are."""
    with force_locale("fr"):
        title, description = full_title(content), _edition(content)
    fields = [{"name": name, "type": kind, "title": french, "description": english} for name, kind, french, english in COLUMNS]
    parts = content.parts
    package = {
        "profile": "tabular-data-package",
        "name": f"essaimage-{parts['publisher']['slug']}-{content.year}-{parts['edition']}",
        "title": title,
        "description": description,
        "version": str(parts["edition"]),
        "created": f"{parts['published_on']}T00:00:00Z",
        "licenses": [parts["licence"]],
        "resources": [
            _resource("chiffres", "chiffres.csv", fields, ["area", "indicator"]),
            _resource("dictionnaire", "dictionnaire.csv", [{"name": name, "type": "string"} for name in DICTIONARY], ["code"]),
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode()


def _resource(name: str, path: str, fields: list[dict[str, str]], key: list[str]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": key, "missingValues": [""]},
    }


def _spreadsheet(content: Content) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    with force_locale("fr"):
        notes = [[sentence] for sentence in (full_title(content), _edition(content), *method(), content.parts["licence"]["title"])]
    sheets: tuple[tuple[str, list[str], list[list[Any]]], ...] = (
        ("chiffres", [french for _name, _kind, french, _english in COLUMNS], list(lines_of(content))),
        ("dictionnaire", list(DICTIONARY), list(_dictionary(content))),
        ("méthode", [], notes),
    )
    bold = Font(bold=True)
    book.remove(book.active)
    for name, head, lines in sheets:
        sheet = book.create_sheet(name)
        for row, line in enumerate([head, *lines] if head else lines, 1):
            for column, value in enumerate(line, 1):
                cell = sheet.cell(row, column, value)
                # A name that begins like a formula is a name.
                cell.data_type = "s" if isinstance(value, str) else cell.data_type
                # One font for all: a font made for each cell takes half of the time.
                if head and row == 1:
                    cell.font = bold
        sheet.freeze_panes = "A2" if head else None
        for column in range(1, max(len(line) for line in (head, *lines)) + 1):
            sheet.column_dimensions[sheet.cell(1, column).column_letter].width = 28 if head else 110
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def tables_of(content: Content) -> Files:
    """The files, by name."""
    return {
        "edition.json": ("application/json", json.dumps(content.parts, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()),
        "chiffres.csv": ("text/csv", _csv([each[0] for each in COLUMNS], lines_of(content))),
        "dictionnaire.csv": ("text/csv", _csv(list(DICTIONARY), _dictionary(content))),
        "datapackage.json": ("application/json", _package(content)),
        "chiffres.xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _spreadsheet(content)),
    }
