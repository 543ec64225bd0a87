"""The official list of communes, as of 1 January 2026 (source and licence in `data/README.md`)."""

import csv
import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VINTAGE = 2026
LIST = Path(__file__).parent / "data" / f"communes-{VINTAGE}.csv.gz"
# A quartier prioritaire of the 2024 list: QN, department on three characters, two digits, N, M or I.
QPV = re.compile(r"QN[0-9][0-9AB][0-9]\d{2}[NMI]")


class UnknownCommune(LookupError):
    """Raised for a code that is not on the list."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the list. `population` counts inhabitants; `postal_codes` may be several, and one may serve several communes."""

    insee_code: str
    name: str
    department: str
    population: int
    postal_codes: tuple[str, ...]


@cache
def _all() -> dict[str, Commune]:
    with gzip.open(LIST, "rt", encoding="utf-8", newline="") as file:
        return {
            row["insee_code"]: Commune(
                row["insee_code"], row["name"], row["department"], int(row["population"] or 0), tuple(re.findall(r"\d{5}", row["postal_codes"]))
            )
            for row in csv.DictReader(file)
        }


def commune(insee_code: str) -> Commune:
    """The commune of a five-character code; raises UnknownCommune."""
    try:
        return _all()[insee_code.upper()]
    except KeyError as error:
        raise UnknownCommune(f"{insee_code} is not a commune of 1 January {VINTAGE}.") from error


def name_key(name: str) -> str:
    """A name in lower case without accents: what is searched and sorted by."""
    return "".join(each for each in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(each)).strip()


def slug_of(name: str) -> str:
    """A name as part of an address: "Saint-Mars-du-Désert" → "saint-mars-du-desert"."""
    return re.sub(r"[^a-z0-9]+", "-", name_key(name).replace("œ", "oe").replace("æ", "ae")).strip("-")[:80]


def is_qpv(code: str) -> bool:
    """Whether this has the form of a quartier prioritaire's code."""
    return QPV.fullmatch(code) is not None


def commune_at(name: str, postal_code: str = "") -> Commune | None:
    """The commune of this name, at this postal code if one is given; None if there is none, or if there are several.

    Reads the list through and keeps nothing of it: this is asked when a place is typed in, and a web process is to stay small.
    """
    wanted = slug_of(name)
    with gzip.open(LIST, "rt", encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if (not postal_code or postal_code in row["postal_codes"]) and slug_of(row["name"]) == wanted]
    if len(found) != 1:
        return None
    (row,) = found
    codes = tuple(re.findall(r"\d{5}", row["postal_codes"]))
    return Commune(row["insee_code"], row["name"], row["department"], int(row["population"] or 0), codes)
