"""What is wrong with a line of a file, in plain words. The schema itself is data·inclusion's, version 1; only workers load it."""

import math
from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing to put right: in which file, on which line, of whom, in which column, and what."""

    file: str
    line: int
    name: str
    column: str
    text: str

    def kept(self) -> dict[str, Any]:
        """As the import keeps it."""
        return asdict(self)


def schema(of_services: bool) -> Any:
    """The model of the schema. Imported here, since a page never needs it and it weighs several megabytes."""
    from data_inclusion.schema import v1

    return v1.Service if of_services else v1.Structure


def checked(values: dict[str, Any], of_services: bool) -> tuple[dict[str, Any] | None, list[tuple[str, str]]]:
    """The record as the schema reads it, or what is wrong: pairs of column and sentence."""
    from pydantic import ValidationError

    wrong = [(name, _("Ce n’est pas un nombre.")) for name, value in values.items() if _endless(value)]
    if not wrong:
        try:
            read = schema(of_services).model_validate(values)
        except ValidationError as error:
            wrong = [(_column(each), _sentence(each)) for each in error.errors(include_url=False)]
        else:
            return _plain(read.model_dump(mode="json", exclude_none=True)), []
    # One sentence a column: a code of several possible forms would be told of once for each.
    return None, list(dict(reversed(wrong)).items())[::-1]


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    # Sets come out in any order: sorted, so that one record always says the same.
    return {name: sorted(value) if isinstance(value, list) else value for name, value in record.items()}


def _endless(value: Any) -> bool:
    if isinstance(value, str) and value.strip().lower().lstrip("+-") in ("nan", "inf", "infinity"):
        return True
    return isinstance(value, float) and not math.isfinite(value)


def _column(error: Any) -> str:
    return str(error["loc"][0]) if error["loc"] else ""


def _sentence(error: Any) -> str:
    kind, given, limits = error["type"], error.get("input"), error.get("ctx", {})
    shown = str(given)[:60]
    if kind == "missing" or (given is None and kind.endswith("_type")):
        return _("Il manque une valeur.")
    if kind in ("enum", "literal_error"):
        return _("« %(value)s » n’est pas un mot de data·inclusion.", value=shown)
    if kind == "string_pattern_mismatch" or (kind.startswith("string_too") and _column(error).startswith(("code_", "zone_"))):
        return _("« %(value)s » n’a pas la forme d’un tel code.", value=shown)
    if kind == "string_too_short":
        return _("Trop court : %(least)d caractères au moins.", least=limits["min_length"])
    if kind == "string_too_long":
        return _("Trop long : %(most)d caractères au plus.", most=limits["max_length"])
    if kind.startswith("date"):
        return _("« %(value)s » n’est pas une date comme 2026-03-05.", value=shown)
    if kind.startswith(("float", "int")):
        return _("« %(value)s » n’est pas un nombre.", value=shown)
    if kind.startswith("url"):
        return _("« %(value)s » n’est pas une adresse de site complète, avec https://.", value=shown)
    if kind in ("greater_than_equal", "less_than_equal"):
        return _("Ce nombre n’est pas possible.")
    if kind == "too_short":
        return _("La liste est vide.")
    return _other(error, shown)


def _other(error: Any, shown: str) -> str:
    if _column(error) == "courriel":
        return _("« %(value)s » n’est pas une adresse mail.", value=shown)
    if error["type"] == "value_error" and "ctx" in error and "error" in error["ctx"]:
        # The schema's own validators speak French.
        return str(error["ctx"]["error"])
    return _("« %(value)s » ne convient pas ici.", value=shown)
