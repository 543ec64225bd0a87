"""The catalogue of indicators, for whoever comes by: what each figure counts, since when, how, and how people in it are protected."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.limits import limiter
from app.pages import page
from app.wording import PROTECTIONS
from tenants.indicators import CATALOGUE, Counts, Indicator

# Public: it hangs on no door.
bp = Blueprint("catalogue", __name__)

SECTIONS: tuple[tuple[str, LazyString, tuple[Counts, ...]], ...] = (
    ("personnes", _l("Des personnes et des foyers"), ("people",)),
    ("actes", _l("Des actes"), ("acts",)),
    ("collectif", _l("La vie du collectif"), ("team", "day")),
)
COUNTED: dict[Counts, LazyString] = {
    "people": _l("des personnes ou des foyers"),
    "acts": _l("des actes"),
    "team": _l("des comptes de l’équipe"),
    "day": _l("une date"),
}
GUARDED: dict[Counts, LazyString] = {
    "people": _l("Exact pour l’équipe du collectif seulement. Partout ailleurs : arrondi à 5 près, et les petits nombres ne sont pas donnés."),
    "acts": _l("Montré tel quel : un acte ne dit pas qui."),
    "team": _l("Montré tel quel : il s’agit de l’équipe, jamais des habitants."),
    "day": _l("Montrée telle quelle : elle ne dit pas chez qui."),
}


def formula(indicator: Indicator) -> list[LazyString]:
    """How the figure is worked out, from month to year and from collective to network, in sentences."""
    if indicator.counts == "day":
        return [_l("La date la plus récente du collectif. Elle ne s’additionne pas.")]
    if indicator.kept == "state":
        return [_l("La valeur du moment dans chaque collectif. Un territoire et le réseau additionnent leurs collectifs.")]
    sums = _l("Compté mois par mois dans chaque collectif. L’année additionne ses mois ; un territoire et le réseau additionnent leurs collectifs.")
    return [sums, _l("Compté en minutes, montré en heures.")] if indicator.code == "volunteer_minutes" else [sums]


@bp.get("/indicateurs")
@limiter.limit("120 per minute")
def index() -> ResponseReturnValue:
    """Every indicator there is: those that count people first."""
    sections = [(anchor, title, [each for each in CATALOGUE.values() if each.counts in kinds]) for anchor, title, kinds in SECTIONS]
    return page("network/catalogue.html", sections=sections, formula=formula, COUNTED=COUNTED, GUARDED=GUARDED, protections=PROTECTIONS.values())
