"""How the catalogue is read side by side: groups of a few indicators, one at a time. Forty columns are read by nobody.

Every indicator of SHOWN (tenants/indicators.py) stands in one group, or in two if the first, which is what one wants to know before all else,
names it as well; a house test says so. `code` is what the address carries.
"""

from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString


class Group(NamedTuple):
    """A few indicators in their order: seven at most."""

    code: str
    label: LazyString
    codes: tuple[str, ...]


MOST = 7
FIRST = "essentiel"
GROUPS = {
    each.code: each
    for each in (
        Group(
            FIRST,
            _l("L’essentiel"),
            ("doors", "situations", "people_accompanied", "people_autonomous", "sessions_held", "volunteer_minutes"),
        ),
        Group("portes", _l("Porte-à-porte"), ("doors", "doors_answered", "conversations", "refusals", "situations")),
        Group("appels", _l("Appels, rues et visites"), ("phone_attempts", "phone_contacts", "street_met", "street_talked", "visits")),
        Group(
            "trajets",
            _l("Trajets et projets"),
            ("rides", "kilometres", "people_carried", "projects_idea", "projects_building", "projects_happened", "projects_given_up"),
        ),
        Group("equipes", _l("Tournées et équipes"), ("rounds", "volunteers_active", "volunteer_minutes")),
        Group(
            "personnes",
            _l("Personnes, pas à pas"),
            ("people_noticed", "people_met", "people_accompanied", "people_engaged", "people_autonomous", "home_meetings"),
        ),
        Group(
            "delais",
            _l("Délais et cercles de contact"),
            ("met_within_7", "met_within_14", "met_within_30", "met_within_60", "met_later", "circles_again", "circles_wider"),
        ),
        Group(
            "fins",
            _l("Chemins finis"),
            (
                "people_closed_on_their_own",
                "people_closed_moved",
                "people_closed_no_wish",
                "people_closed_passed_on",
                "people_closed_out_of_sight",
                "people_closed_mistake",
                "people_closed_died",
            ),
        ),
        Group(
            "orientation",
            _l("Prescriptions et orientations"),
            (
                *("prescriptions", "prescriptions_met"),
                *("referrals", "referrals_accepted", "referrals_accompanied", "referrals_refused", "referrals_unanswered"),
            ),
        ),
        Group(
            "prescripteurs",
            _l("Qui prescrit"),
            tuple(f"prescriptions_{each}" for each in ("ccas", "landlord", "school", "health", "association", "commune", "other")),
        ),
        Group(
            "parcours",
            _l("Parcours"),
            (
                *("courses_started", "courses_completed", "participants", "completions", "certificates"),
                *("volunteers_trained", "volunteers_trained_active"),
            ),
        ),
        Group(
            "permanences",
            _l("Permanences et liens de cœur"),
            (
                *("drop_ins_planned", "drop_ins_held", "drop_in_known", "drop_in_anonymous"),
                *("support_due", "support_held", "heart_bonds_begun"),
            ),
        ),
        Group(
            "activites",
            _l("Activités"),
            ("activities", "activity_known", "activity_others", "activities_carried", "activity_carriers"),
        ),
        Group("seances", _l("Séances et présences"), ("sessions_planned", "sessions_held", "presences", "presences_expected")),
    )
}
