"""The part of the catalogue that counts referrals: acts, shown as they are; and the resources of a directory, which are no inhabitants."""

from typing import Any

from flask_babel import lazy_gettext as _l

REFERRALS: tuple[tuple[Any, ...], ...] = (
    ("referrals", _l("orientations"), _l("orientations"), _l("Demandes envoyées à un lieu ressource dans la période."), "acts"),
    ("referrals_accepted", _l("orientations acceptées"), _l("orientations"), _l("Demandes auxquelles un lieu a dit oui dans la période."), "acts"),
    (
        "referrals_accompanied",
        _l("orientations accompagnées"),
        _l("orientations"),
        _l("Venues dans un lieu, dans la période, avec quelqu’un du collectif."),
        "acts",
    ),
    ("referrals_refused", _l("orientations refusées"), _l("orientations"), _l("Demandes auxquelles un lieu a dit non dans la période."), "acts"),
    (
        "referrals_unanswered",
        _l("orientations sans réponse"),
        _l("orientations"),
        _l("Demandes restées sans réponse trente jours, au mois où l’on a cessé d’attendre."),
        "acts",
    ),
    ("resources_listed", _l("lieux ressources"), _l("lieux"), _l("Lieux de l’annuaire du collectif en ce moment."), "acts", "state"),
)
