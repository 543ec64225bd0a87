"""The catalogue of indicators: what the network counts, in words that can be read to a town council.

`since` is the day from which a definition is in force: one that changes takes a new day, and old editions keep the old one.
`counts` says whether a figure counts acts (shown as they are) or people and households (protected wherever they are shown
outside the collective's working team). `kept` says how months make a year: "sum" adds them up; "once" counts the year and
"ever" anew, since whoever comes in two months is one person; "state" has only a present value, kept under the period "ever".
Labels are French, the source language of the screen.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from tenants.gathering_indicators import GATHERINGS
from tenants.people_indicators import PEOPLE
from tenants.prescription_indicators import PRESCRIPTIONS
from tenants.referral_indicators import REFERRALS

Counts = Literal["acts", "people", "team", "day"]
# The day on which the first figures were counted.
FIRST_DAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure of a collective: its code, its name, its unit, and what exactly it counts."""

    code: str
    label: LazyString
    unit: LazyString
    explained: LazyString
    counts: Counts
    kept: Literal["sum", "once", "state"] = "sum"
    since: date = FIRST_DAY

    @property
    def protected(self) -> bool:
        """Whether the figure is rounded outside the working team (DESIGN.md section 6)."""
        return self.counts == "people"


CATALOGUE: dict[str, Indicator] = {
    each.code: each
    for each in (
        Indicator("doors", _l("portes"), _l("portes"), _l("Portes auxquelles une équipe a frappé, une fois par tournée."), "acts"),
        Indicator("doors_answered", _l("portes ouvertes"), _l("portes"), _l("Portes où quelqu’un a répondu, quelle que soit la réponse."), "acts"),
        Indicator("conversations", _l("conversations"), _l("échanges"), _l("Portes où l’on s’est parlé, sans compter les refus."), "acts"),
        Indicator("refusals", _l("refus"), _l("portes"), _l("Portes où l’on préfère que personne ne repasse."), "acts"),
        Indicator(
            "situations",
            _l("situations d’isolement repérées"),
            _l("foyers"),
            _l("Foyers où l’équipe a remarqué un isolement. Un nombre de foyers : il est protégé."),
            "people",
        ),
        Indicator("phone_attempts", _l("appels"), _l("appels"), _l("Numéros composés dans les tournées de phoning, réponse ou pas."), "acts"),
        Indicator(
            "phone_contacts",
            _l("contacts téléphoniques"),
            _l("numéros"),
            _l("Numéros où quelqu’un a répondu, une fois par tournée."),
            "acts",
        ),
        Indicator(
            "street_met", _l("personnes rencontrées dans la rue"), _l("rencontres"), _l("Rencontres en déambulation, échanges compris."), "acts"
        ),
        Indicator("street_talked", _l("échanges dans la rue"), _l("échanges"), _l("Rencontres en déambulation où l’on s’est parlé."), "acts"),
        Indicator("visits", _l("visites de courtoisie"), _l("visites"), _l("Visites où la personne était là et a ouvert."), "acts"),
        Indicator("rides", _l("trajets solidaires"), _l("trajets"), _l("Trajets en voiture ; un aller et retour en est un."), "acts"),
        Indicator(
            "kilometres", _l("kilomètres"), _l("km"), _l("Kilomètres des trajets solidaires, comptés deux fois pour un aller et retour."), "acts"
        ),
        Indicator(
            "people_carried",
            _l("personnes transportées"),
            _l("personnes"),
            _l("Places occupées dans les trajets solidaires. Un nombre de personnes : il est protégé."),
            "people",
        ),
        Indicator("projects_idea", _l("projets à l’état d’idée"), _l("projets"), _l("Projets accompagnés dans le mois et restés une idée."), "acts"),
        Indicator(
            "projects_building", _l("projets en construction"), _l("projets"), _l("Projets accompagnés dans le mois et en construction."), "acts"
        ),
        Indicator("projects_happened", _l("projets réalisés"), _l("projets"), _l("Projets accompagnés dans le mois et qui ont eu lieu."), "acts"),
        Indicator("projects_given_up", _l("projets abandonnés"), _l("projets"), _l("Projets accompagnés dans le mois et abandonnés."), "acts"),
        *(Indicator(*each) for each in PEOPLE),
        *(Indicator(*each) for each in PRESCRIPTIONS),
        Indicator("rounds", _l("tournées"), _l("tournées"), _l("Tournées terminées dans la période."), "acts"),
        Indicator(
            "volunteers_active",
            _l("bénévoles en action"),
            _l("personnes"),
            _l("Membres des équipes des tournées terminées, chacun une fois par période. Un nombre de personnes : il est protégé."),
            "people",
            "once",
        ),
        Indicator(
            "volunteer_minutes",
            _l("heures bénévoles"),
            _l("heures"),
            _l("Durée des tournées terminées, multipliée par le nombre de personnes de l’équipe."),
            "acts",
        ),
        *(Indicator(*each) for each in REFERRALS),
        Indicator("courses_started", _l("parcours commencés"), _l("parcours"), _l("Parcours dont la première séance tombe dans la période."), "acts"),
        Indicator("courses_completed", _l("parcours terminés"), _l("parcours"), _l("Parcours que l’équipe a déclarés terminés."), "acts"),
        Indicator("sessions_planned", _l("séances prévues"), _l("séances"), _l("Séances de parcours à cette date, hors séances annulées."), "acts"),
        Indicator("sessions_held", _l("séances tenues"), _l("séances"), _l("Séances de parcours où des présences ont été notées."), "acts"),
        Indicator("certificates", _l("attestations"), _l("attestations"), _l("Attestations délivrées dans la période."), "acts"),
        Indicator(
            "participants",
            _l("personnes inscrites aux parcours"),
            _l("personnes"),
            _l("Personnes inscrites aux parcours commencés dans la période. Un nombre de personnes : il est protégé."),
            "people",
        ),
        Indicator(
            "completions",
            _l("personnes au bout du parcours"),
            _l("personnes"),
            _l("Parmi elles, celles qui ont suivi assez de séances. Un nombre de personnes : il est protégé."),
            "people",
        ),
        Indicator(
            "volunteers_trained",
            _l("bénévoles au bout du parcours"),
            _l("personnes"),
            _l("Bénévoles qui ont suivi dans la période la dernière des séances demandées. Un nombre de personnes : il est protégé."),
            "people",
            since=date(2026, 11, 25),
        ),
        Indicator(
            "volunteers_trained_active",
            _l("bénévoles en action après le parcours"),
            _l("personnes"),
            _l("Parmi ces bénévoles, celles et ceux d’une tournée terminée dans les trois mois. Un nombre de personnes : il est protégé."),
            "people",
            since=date(2026, 11, 25),
        ),
        Indicator("presences", _l("présences"), _l("présences"), _l("Présences notées en séance, retards compris."), "acts"),
        Indicator("presences_expected", _l("présences attendues"), _l("présences"), _l("Une par personne inscrite et par séance tenue."), "acts"),
        *(Indicator(*each) for each in GATHERINGS),
        Indicator(
            "last_activity", _l("dernière activité"), _l("jour"), _l("Date de la dernière tournée où quelque chose a été noté."), "day", "state"
        ),
        Indicator("coordinators", _l("coordinations"), _l("comptes"), _l("Personnes de l’équipe qui coordonnent en ce moment."), "team", "state"),
    )
}

# What a table of figures shows, in this order; the other two have places of their own.
SHOWN = (
    "doors",
    "doors_answered",
    "conversations",
    "refusals",
    "situations",
    "phone_attempts",
    "phone_contacts",
    "street_met",
    "street_talked",
    "visits",
    "rides",
    "kilometres",
    "people_carried",
    "projects_idea",
    "projects_building",
    "projects_happened",
    "projects_given_up",
    *(each[0] for each in PEOPLE if each[-1] != "state"),
    *(each[0] for each in PRESCRIPTIONS),
    "rounds",
    "volunteers_active",
    "volunteer_minutes",
    *(each[0] for each in REFERRALS if each[-1] != "state"),
    "courses_started",
    "courses_completed",
    "sessions_planned",
    "sessions_held",
    "participants",
    "completions",
    "volunteers_trained",
    "volunteers_trained_active",
    "presences",
    "presences_expected",
    "certificates",
    *(each[0] for each in GATHERINGS),
)
