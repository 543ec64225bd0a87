"""The part of the catalogue that counts permanences, meetings with the network and activities.

Rows of `Indicator` (tenants/indicators.py): code, label, unit, explanation, what it counts, and how it is kept where that is not "sum". Who
came is a number of people, even where the same person comes twice: few visits to one permanence are few people.
"""

from typing import Any

from flask_babel import lazy_gettext as _l

GATHERINGS: tuple[tuple[Any, ...], ...] = (
    (
        "drop_ins_planned",
        _l("permanences prévues"),
        _l("permanences"),
        _l("Permanences dont le jour est venu, celles qui ont été annulées comprises."),
        "acts",
    ),
    ("drop_ins_held", _l("permanences tenues"), _l("permanences"), _l("Permanences qui ont eu lieu dans la période."), "acts"),
    (
        "drop_in_known",
        _l("visites de personnes connues"),
        _l("visites"),
        _l("Visites aux permanences de personnes que le collectif connaît. Un nombre de personnes : il est protégé."),
        "people",
    ),
    (
        "drop_in_anonymous",
        _l("autres visites aux permanences"),
        _l("visites"),
        _l("Visites aux permanences de personnes à qui l’on n’a pas demandé leur nom. Un nombre de personnes : il est protégé."),
        "people",
    ),
    (
        "support_due",
        _l("permanences de soutien attendues"),
        _l("rencontres"),
        _l("Une rencontre de l’équipe avec le réseau par mois, depuis le mois où le collectif est né."),
        "acts",
    ),
    (
        "support_held",
        _l("permanences de soutien tenues"),
        _l("rencontres"),
        _l("Rencontres de l’équipe avec le réseau dont la note est écrite, au mois de la rencontre."),
        "acts",
    ),
    ("activities", _l("activités"), _l("activités"), _l("Repas, ateliers, sorties, cafés et balades qui ont eu lieu."), "acts"),
    (
        "activity_known",
        _l("participations de personnes connues"),
        _l("participations"),
        _l("Participations aux activités de personnes que le collectif connaît. Un nombre de personnes : il est protégé."),
        "people",
    ),
    (
        "activity_others",
        _l("autres participations"),
        _l("participations"),
        _l("Participations aux activités de personnes à qui l’on n’a pas demandé leur nom. Un nombre de personnes : il est protégé."),
        "people",
    ),
    (
        "activities_carried",
        _l("activités portées par des habitants"),
        _l("activités"),
        _l("Parmi les activités qui ont eu lieu, celles que portait une personne accompagnée."),
        "acts",
    ),
    (
        "activity_carriers",
        _l("personnes qui portent une activité"),
        _l("personnes"),
        _l("Personnes accompagnées qui ont porté une activité de la période, chacune une fois. Un nombre de personnes : il est protégé."),
        "people",
        "once",
    ),
)
