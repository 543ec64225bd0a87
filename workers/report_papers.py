"""An edition on paper: the whole report, and two pages for a municipal council. Tagged and accessible (PDF/UA-1), in French and in English."""

import base64
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.languages import written_date
from app.reports.content import Content
from app.reports.saying import Notes, edition_words, full_title, method, reach
from app.reports.yearly import KEY_FIGURES
from workers.papers import typeset

Files = dict[str, tuple[str, bytes]]
LANGUAGES = {"fr": "", "en": ".en"}
# Characters of each text that two pages have room for.
ROOM = {"opening": 700, "moments": 800, "ahead": 500}


def papers_of(content: Content, pictures: Mapping[str, bytes]) -> Files:
    """The papers, by name."""
    kind = content.parts["publisher"]["kind"]
    templates = {"rapport": "year.typ"} | ({"conseil-municipal": "council.typ"} if kind == "collective" else {})
    files: Files = {}
    for language, ending in LANGUAGES.items():
        with force_locale(language):
            for name, template in templates.items():
                files[f"{name}{ending}.pdf"] = (
                    "application/pdf",
                    typeset(template, words_of(content, pictures, language, template == "council.typ")),
                )
    return files


def words_of(content: Content, pictures: Mapping[str, bytes], language: str, short: bool) -> dict[str, Any]:
    """Everything that a paper says, in the language that is in force."""
    parts, notes = content.parts, Notes.of(content.answers.values())
    words = content.words(language)
    widest = next(iter(content.areas))
    titles = {"opening": "", "moments": _("Les moments de l’année"), "ahead": _("Et après ?")}
    photos = parts["photos"][: 1 if short else None]
    return {
        "lang": language,
        "title": full_title(content),
        "collective": parts["publisher"]["name"],
        "eyebrow": _("Pour le conseil municipal") if short else _("Rapport annuel"),
        "edition": edition_words(content, written_date(date.fromisoformat(parts["published_on"]), "d MMMM y")),
        "reach": reach(content),
        "correction": _("Cette édition corrige la précédente : %(what)s", what=parts["correction"]) if parts["correction"] else "",
        "texts": {
            name: {"title": title, "paragraphs": _paragraphs(parts["texts"][name], ROOM[name] if short else None)} for name, title in titles.items()
        },
        "photos": [{"svg": framed(pictures[each["name"]]), "caption": each["caption"]} for each in photos],
        "figures": [_line(content, notes, words, widest, code) for code in (KEY_FIGURES if short else ())],
        "figures_title": _("Les chiffres de l’année"),
        "tables": [
            {"title": title, "rows": [_line(content, notes, words, widest, code) for code in codes]} for title, codes in content.sections(language)
        ],
        "head": [_("Ce qui est compté"), _("Nombre")],
        "areas": [
            {
                "title": _("Par région") if regions else _("Par département"),
                "parts": [_areas(content, notes, words, title, codes, regions, some) for title, codes in content.sections(language)],
            }
            for regions, some in content.parts_of()
        ],
        "notes": [[letter, sentence] for letter, sentence in notes.sentences()],
        "method_title": _("Comment ces nombres sont protégés"),
        "method": method(),
        "definitions_title": _("Ce que chaque chiffre compte"),
        "definitions": [[word["label"], word["explained"]] for word in words.values()],
        "more": _("Le rapport entier, les tableaux et leurs définitions sont en ligne, à la page du rapport."),
        "foot": f"{full_title(content)} · Essaimage",
    }


def _line(content: Content, notes: Notes, words: Mapping[str, Mapping[str, str]], area: str, code: str) -> dict[str, str]:
    cell = notes.cell(code, content.answers[area, code])
    return {"label": words[code]["label"], "text": cell.text, "note": cell.note}


def _areas(
    content: Content, notes: Notes, words: Mapping[str, Mapping[str, str]], title: str, codes: list[str], regions: bool, some: Mapping[str, str]
) -> dict[str, Any]:
    rows = [{"name": name, "cells": [_line(content, notes, words, area, code) for code in codes]} for area, name in some.items()]
    return {"title": title, "head": [_("Région") if regions else _("Département"), *(words[code]["label"] for code in codes)], "rows": rows}


def _paragraphs(text: str | None, room: int | None) -> list[str]:
    text = text or ""
    if room:
        # One paragraph, as long as the page has room for: empty lines would push the rest away.
        text = " ".join(text.split())
        text = text if len(text) <= room else text[:room].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
    return [" ".join(each.split()) for each in re.split(r"\n\s*\n|\n", text) if each.strip()]


def framed(picture: bytes) -> str:
    """A JPEG as an SVG of its own size: words are all that a template takes."""
    import io

    from PIL import Image

    with Image.open(io.BytesIO(picture)) as known:
        width, height = known.size
    data = base64.b64encode(picture).decode()
    image = f'<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{image}</svg>'
