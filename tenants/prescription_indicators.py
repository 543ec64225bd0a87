"""The part of the catalogue that counts what partners report, by kind of partner and never by partner.

Rows of `Indicator` (tenants/indicators.py): code, label, unit, explanation, what it counts, how it is kept.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

PRESCRIPTIONS: tuple[tuple[Any, ...], ...] = (
    (
        "prescriptions",
        _l("prescriptions reçues"),
        _l("prescriptions"),
        _l("Prescriptions arrivées dans la période, de tous les partenaires."),
        "acts",
    ),
    ("prescriptions_ccas", _l("prescriptions d’un CCAS"), _l("prescriptions"), _l("Prescriptions arrivées d’un CCAS."), "acts"),
    ("prescriptions_landlord", _l("prescriptions d’un bailleur"), _l("prescriptions"), _l("Prescriptions arrivées d’un bailleur."), "acts"),
    (
        "prescriptions_school",
        _l("prescriptions d’une école"),
        _l("prescriptions"),
        _l("Prescriptions arrivées d’une école, d’un collège ou d’un lycée."),
        "acts",
    ),
    (
        "prescriptions_health",
        _l("prescriptions du soin"),
        _l("prescriptions"),
        _l("Prescriptions arrivées d’un médecin, d’une infirmière, d’une pharmacie."),
        "acts",
    ),
    (
        "prescriptions_association",
        _l("prescriptions d’une association"),
        _l("prescriptions"),
        _l("Prescriptions arrivées d’une association."),
        "acts",
    ),
    (
        "prescriptions_commune",
        _l("prescriptions d’un service de la commune"),
        _l("prescriptions"),
        _l("Prescriptions arrivées d’un service de la commune, CCAS mis à part."),
        "acts",
    ),
    ("prescriptions_other", _l("autres prescriptions"), _l("prescriptions"), _l("Prescriptions arrivées d’un autre partenaire."), "acts"),
    (
        "prescriptions_met",
        _l("personnes rencontrées grâce à une prescription"),
        _l("personnes"),
        _l("Personnes rencontrées pour la première fois dans la période, après une prescription. Un nombre de personnes : il est protégé."),
        "people",
        "once",
    ),
)
