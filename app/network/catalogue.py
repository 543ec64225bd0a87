"""The catalogue of indicators, for whoever comes by: what each figure counts, since when, how, and how people in it are protected."""

from typing import NamedTuple

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.limits import limiter
from app.pages import page
from app.wording import PROTECTIONS
from tenants.formulas import FORMULAS
from tenants.indicators import CATALOGUE, Counts

# Public: it hangs on no door.
bp = Blueprint("catalogue", __name__)


class Section(NamedTuple):
    """The indicators of one kind, and what holds for all of them."""

    counts: Counts
    anchor: str
    title: LazyString
    guarded: LazyString
    sums: LazyString


SUMS = _l("Compté mois par mois dans chaque collectif. L’année additionne ses mois ; un territoire et le réseau additionnent leurs collectifs.")
SECTIONS = (
    Section(
        "people",
        "personnes",
        _l("Des personnes et des foyers"),
        _l("Exact pour l’équipe du collectif seulement. Partout ailleurs : arrondi à 5 près, et les petits nombres ne sont pas donnés."),
        _l(
            "Compté mois par mois dans chaque collectif. Qui compte une fois par période compte aussi une seule fois dans l’année : "
            "elle n’additionne pas ses mois. Les autres nombres s’additionnent, et ceux « en ce moment » n’ont que la valeur du jour. "
            "Un territoire et le réseau additionnent leurs collectifs."
        ),
    ),
    Section("acts", "actes", _l("Des actes"), _l("Montré tel quel : un acte ne dit pas qui."), SUMS),
    Section(
        "team",
        "equipe",
        _l("L’équipe"),
        _l("Montré tel quel : il s’agit de l’équipe, jamais des habitants."),
        _l("La valeur du moment dans chaque collectif. Un territoire et le réseau additionnent leurs collectifs."),
    ),
    Section(
        "day",
        "dates",
        _l("Les dates"),
        _l("Montré tel quel : une date ne dit pas chez qui."),
        _l("La date la plus récente du collectif. Elle ne s’additionne pas."),
    ),
)


@bp.get("/indicateurs")
@limiter.limit("120 per minute")
def index() -> ResponseReturnValue:
    """Every indicator there is: those that count people first."""
    sections = [(each, [one for one in CATALOGUE.values() if one.counts == each.counts]) for each in SECTIONS]
    return page("network/catalogue.html", sections=sections, formulas=FORMULAS, protections=PROTECTIONS.values())
