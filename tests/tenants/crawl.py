"""How the crawl fills addresses and forms, for every route there is. A name it does not know stops it: teach it here."""

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from app.accounts.tokens import invitation_token
from app.demo.world import PASSWORD
from app.followup.feeds import feed_token
from app.outreach.paper import round_code
from app.referral.letters import answer_token
from app.referral.partners import partner_token
from app.training.links import enrolment_token, questionnaire_token, wall_token
from tenants.months import today_in
from tests.cast import Someone
from tests.tenants.hives import DOMAIN, Hive

ROOT = Path(__file__).parents[2]
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Parameters of addresses that name a row of a collective; the others name nothing of anybody.
OF_A_COLLECTIVE = (
    "round_id",
    "building_id",
    "membership_id",
    "invitation_id",
    "draft_id",
    "sign_in_id",
    "passkey_id",
    "collective_id",
    "number_id",
    "visit_id",
    "ride_id",
    "person_id",
    "path_step_id",
    "home_meeting_id",
    "course_id",
    "session_id",
    "participant_id",
    "document_id",
    "resource_id",
    "service_id",
    "import_id",
    "export_id",
    "referral_id",
    "task_id",
    "report_photo_id",
    "bond_id",
    "erasure_id",
    "rule_id",
    "drop_in_id",
    "activity_id",
    "guest_id",
    "carrier_id",
    "photo_id",
    "support_id",
    "decision_id",
    "partner_id",
    "prescription_id",
)
YEAR = today_in("Europe/Paris").year
OF_NOBODY = {
    "filename": "theme.css",
    "code": "fr",
    "sign": "nowhere",
    "position": 1,
    "secret": "nowhere",
    "year": YEAR,
    "number": 99,
    "place": "nulle-part",
    "name": "chiffres.csv",
    "view_id": UUID(int=0),
    "slug": "nulle-part",
    "plan_document_id": UUID(int=7),
    "network_photo_id": UUID(int=8),
    "department": "23",
    "region": "nouvelle-aquitaine",
}
# Fields that carry an id, and what such a field names.
ID_FIELDS = {
    "id": "round_id",
    "team": "membership_id",
    "gesture": "gesture",
    "undone": "gesture",
    "draft_id": "draft_id",
    "driver": "membership_id",
    "project": "project_id",
    "agreed_to": "membership_id",
    "member": "membership_id",
    "person": "person_id",
    "went": "membership_id",
    "one": "membership_id",
    "other": "other_membership_id",
    "trainers": "trainer_id",
    "other_person": "other_person_id",
    "other_agreed_to": "membership_id",
    "participant": "participant_id",
    "course": "course_id",
    "present": "participant_id",
    "was": "participant_id",
    "guest": "person_id",
    "service": "service_id",
    "companion": "membership_id",
}
QUERIES = {
    "porte": "1/11",
    "page": "1",
    "liste": "terminees",
    "next": "/",
    "periode": "mois",
    "groupe": "portes",
    "chiffre": "situations",
    "pas": "mois",
    "tri": "doors",
    "recherche": "nantes",
    "v": "1",
    "code": "K7M2QX-4PDR8",
    "mois": "2026-02",
    "tout": "1",
    "theme": "remobilisation--lien-social",
    "public": "seniors",
    "frais": "gratuit",
    "lieu": "commune",
}
FIELDS: dict[str, Any] = {
    "area": "Rue du Crible",
    "comes": "1",
    "day": today_in("Europe/Paris").isoformat(),
    "companions": "2",
    "label": "Entrée du crible",
    "shape": "floors",
    "floors": "3",
    "per_floor": "2",
    "ground": "1",
    "first": "1",
    "last": "9",
    "step": "1",
    "nobody": "2",
    "refused": "0",
    "talked": "1",
    "again": "0",
    "isolation": "0",
    "floor": "all",
    "floor_shown": "1",
    "kind": "door_to_door",
    "numbers": "02 61 91 55 55",
    "outcome": "talked",
    "call_back_on": "",
    "text": "Bonjour du crible",
    "attempts": "4",
    "pause_days": "3",
    "about": "02 61 91 55 56",
    "change": "stop",
    "what": "talked",
    "number": "2",
    "sign": "no_bench",
    "seen": "1",
    "to_whom": "Odile du crible",
    "no_next": "",
    "others": "Gisèle du crible",
    # Beside a member no other driver is named.
    "driver_name": "",
    "how": "good",
    "note": "Un mot du crible",
    "origin": "Le bourg",
    "destination": "Le marché",
    "kilometres": "12",
    "return_trip": "y",
    "carried": "2",
    "title": "Le jardin du crible",
    "carriers": "Odile",
    "state": "building",
    "next_step": "Demander la salle",
    "next_on": "",
    "label_en": "Sieve",
    "move": "down",
    "done": "oui",
    "back": "1",
    "version": "1",
    "spellings": "Zéphirine du crible",
    "street": "Rue du crible",
    "phone": "02 61 91 55 57",
    "reached": "le matin",
    "age": "from_60",
    "languages": "fr",
    "needs": "remobilisation--lien-social",
    "likes": "la radio",
    "gives": "recoudre",
    "keep_words": "",
    "found_by": "neighbour",
    "found_on": today_in("Europe/Paris").isoformat(),
    "given_on": today_in("Europe/Paris").isoformat(),
    "words": "Oui, repassez",
    "sure": "y",
    "ask_again_on": "",
    "stage": "accompanied",
    "on": today_in("Europe/Paris").isoformat(),
    "because": "moved",
    "since": today_in("Europe/Paris").isoformat(),
    "moment": "entry",
    **dict.fromkeys(("family", "friends", "neighbours", "associations", "work"), "2"),
    "occasion": "visit",
    "hour": "10:00",
    "where": "Chez elle",
    "alone_because": "",
    "heard": "Elle a raconté le crible",
    "minutes": "60",
    "reason": "une feuille retrouvée",
    "email": f"quelquun@{DOMAIN}",
    "role": "volunteer",
    "credential": "{}",
    "secret": "c2VjcmV0",
    "password": PASSWORD,
    "name": "Camille Crible",
    "language": "fr",
    "theme": "auto",
    "next": "/",
    "begins": "18:30",
    "place": "Salle du crible",
    "minimum": "2",
    "maximum": "8",
    "contact": "crible@example.org",
    "blank": "1",
    **dict.fromkeys(("useful", "at_ease", "ready", "recommend"), "4"),
    **dict.fromkeys(("remark", "went_well", "was_hard", "next_time"), "Un mot du crible"),
    "same": "y",
    "document": "",
    "certificate": "NOWHERE-22222222",
    "title_en": "Sieve",
    "due_on": today_in("Europe/Paris").isoformat(),
    "collective_phone": "02 61 91 55 58",
    "whom": "Josette du crible",
    "noticed": "Ses volets restent fermés",
    "knows": "agrees",
    "reporter": "Claire du crible",
    "answer_at": "claire@example.org",
    "informed_on": today_in("Europe/Paris").isoformat(),
    "informed_how": "phone",
    "decision": "not_reachable",
    "passed_to": "",
    "follow_up": "NOWHERE-2222-2222",
    "needed": "6",
    "aim": "Un but",
    "aim_en": "An aim",
    "outline": "10 min : crible",
    "outline_en": "10 min: sieve",
    "materials": "Un crible",
    "materials_en": "A sieve",
    "advice": "Secouer",
    "advice_en": "Shake",
    "opening": "Un mot du crible",
    "moments": "Un moment du crible",
    "ahead": "La suite du crible",
    "correction": "Le crible a changé",
    "weekly_digest": "y",
    "days": "30",
    "paused_until": "",
    "paused_because": "",
    "kept_until": (today_in("Europe/Paris") + timedelta(days=90)).isoformat(),
    "kept_because": "Elle revient au crible",
    # A word that erases nothing: the crawl needs its people until its end.
    "confirmation": "crible",
    "side": "person",
    **dict.fromkeys(("began_on", "agreed_on", "other_agreed_on", "ended_on"), today_in("Europe/Paris").isoformat()),
    "other_words": "Moi aussi, crible",
    "told": "meeting",
    "ended_because": "faded",
    "ended_words": "Doucement, au crible",
    "nth": "second",
    "day_of_week": "1",
    "months_off": "8",
    "until": "",
    "on_holidays": "keep",
    "ends": "20:30",
    "because_words": "Un mot",
    "held": "1",
    "subject": "remobilisation--lien-social",
    "subject_was": "",
    "idea_of": "l’atelier",
    "places": "",
    "photo": "",
    "caption": "Une table",
    "consent": "Odile, à Marius",
    "first_date": f"{today_in('Europe/Paris').isoformat()}T14:00",
    "second_date": "",
    "third_date": "",
    "online": "",
    "proposal": f"{today_in('Europe/Paris').isoformat()}T14:00",
    "mood": "well",
    "difficulties": "La salle",
    "who": "Odile",
    "service_name": "Table du crible",
    "description": "Le jeudi, autour du crible",
    "themes": "remobilisation--lien-social",
    "publics": "seniors",
    "fee": "gratuit",
    "fee_detail": "",
    "hours": "le jeudi",
    "gone": "",
    "address": "1 rue du crible",
    "postal_code": "44850",
    "town": "Saint-Mars-du-Désert",
    "website": "",
    "position": "47.3655, -1.4072",
    "files": "",
    "sort": "csv",
    "called": "Ada du crible",
    "agreed": "yes",
    "agreed_on": today_in("Europe/Paris").isoformat(),
    "agreed_words": "Oui",
    "override_because": "",
    "goes_on": "",
    "way": "phone",
    "answer": "yes",
}
# Where one name means something else.
BY_ENDPOINT: dict[str, dict[str, Any]] = {
    "workspace.outreach.create_encounter": {"nobody": "1/12"},
    "workspace.outreach.create_call": {"id": "call_id"},
    "workspace.outreach.create_call_undo": {"undone": "call_id"},
    "workspace.outreach.update_wishes": {"kind": "no_call"},
    "workspace.outreach.create_visit": {"id": "visit_id"},
    "workspace.outreach.create_ride": {"id": "ride_id"},
    "workspace.outreach.create_step": {"id": "step_id"},
    "workspace.outreach.create_meeting": {"gesture": "meeting_id"},
    "workspace.outreach.create_meeting_undo": {"undone": "meeting_id"},
    "workspace.training.create": {"id": "course_id"},
    "workspace.training.create_participant": {"id": "participant_id", "kind": "inhabitant"},
    "workspace.training.update_participant": {"kind": "inhabitant"},
    "workspace.training.create_person_enrolment": {"id": "participant_id", "kind": "inhabitant"},
    "workspace.training.create_paper_answer": {"id": "answer_id"},
    "enrolment.create_answer": {"id": "answer_id"},
    "enrolment.create": {"id": "participant_id", "kind": "inhabitant"},
    "network.create_plan": {"id": "gesture"},
    "workspace.reports.create_edition": {"id": "gesture"},
    "workspace.reports.create_photo": {"id": "report_photo_id"},
    "network.create_network_edition": {"id": "gesture"},
    "network.create_network_photo": {"id": "gesture"},
    "network.create_view": {"id": "gesture"},
    "network.update_session_plan": {"id": "gesture"},
    "network.create_plan_document": {"id": "gesture"},
    "workspace.team.create_invitation": {"id": "invitation_id"},
    **{
        f"workspace.people.create_{what}": {"id": f"{name}_id"}
        for what, name in {
            "step": "path_step",
            "agreement": "agreement",
            "pair": "pair",
            "telling": "telling",
            "circles": "circles",
            "meeting": "home_meeting",
        }.items()
    },
    "workspace.followup.create_check_in": {"id": "check_in_id", "outcome": "well"},
    "workspace.followup.create_bond": {"id": "new_bond_id"},
    "workspace.followup.create_moment": {"id": "moment_id"},
    "workspace.followup.create_erasure": {"id": "erasure_id"},
    # An id that no page of theirs shows: a row of ours would rightly be listed under it.
    "workspace.people.create": {"id": "collective_id"},
    "workspace.followup.create_rule": {"id": "rule_id"},
    "workspace.followup.create_drop_in": {"id": "drop_in_id"},
    "workspace.followup.create_cancellation": {"because": "no_host"},
    "workspace.followup.create_outcome": {"because": "no_host"},
    "workspace.followup.create_activity_outcome": {"because": "no_host"},
    "workspace.followup.create_activity_cancellation": {"because": "no_host"},
    "workspace.followup.update_attendance": {"present": "person_id", "was": "person_id"},
    "workspace.followup.update_participation": {"present": "person_id", "was": "person_id"},
    "workspace.followup.create_tally": {"gesture": "tally_id"},
    "workspace.followup.delete_tally": {"undone": "tally_id"},
    "workspace.followup.create_participation": {"gesture": "activity_tally_id"},
    "workspace.followup.delete_participation": {"undone": "activity_tally_id"},
    **{
        f"workspace.followup.{verb}_{what}": {"id": "activity_id", "kind": "meal"}
        for verb, what in (("create", "activity"), ("update", "activity"), ("create", "idea"))
    },
    "workspace.followup.create_carrier": {"id": "carrier_id"},
    "workspace.followup.create_photo": {"id": "photo_id"},
    "workspace.followup.update_guest": {"answer": "not_coming"},
    # Not the id of theirs: a decision of ours that carried it would rightly stand in the notes that follow.
    **{f"{door}.create_decision": {"id": "collective_id"} for door in ("workspace.followup", "network")},
    **{f"{door}.create_support": {"id": "support_id"} for door in ("workspace.followup", "network")},
    "workspace.referral.create_resource": {"id": "resource_id"},
    # Not the id of theirs: a service of ours that carried it would rightly be offered on the forms that follow.
    "workspace.referral.create_service": {"id": "collective_id"},
    "workspace.referral.create_import": {"id": "import_id"},
    "workspace.referral.create_referral": {"id": "referral_id"},
    "workspace.referral.create_outcome": {"outcome": "went"},
    "workspace.tasks.create": {"id": "task_id"},
    "workspace.referral.create_partner": {"id": "partner_id", "kind": "ccas"},
    "workspace.referral.update_partner": {"id": "partner_id", "kind": "ccas"},
    "workspace.referral.create_file": {"id": "person_id"},
    "partner_link.create": {"id": "prescription_id"},
    "workspace.outreach.create_person": {"id": "collective_id"},
    "network.create_coordination": {"id": "invitation_id"},
    "accounts.update_password": {"again": PASSWORD},
    "accounts.accept_invitation": {"again": PASSWORD},
}
# Where the round is one of phoning.
OF_PHONING = {
    f"workspace.outreach.{name}" for name in ("new_numbers", "create_numbers", "create_hold", "show_number", "create_call", "create_call_undo")
}
# Where it is one of another kind.
OF_OTHER_KINDS = {
    f"workspace.outreach.{name}": round_id
    for round_id, names in {
        "street_round_id": ("show_street", "create_meeting", "create_meeting_undo", "create_notice"),
        "visit_round_id": ("new_visit", "create_visit", "delete_visit"),
        "ride_round_id": ("new_ride", "create_ride", "delete_ride"),
        "project_round_id": ("new_step", "create_step"),
    }.items()
    for name in names
}
# What only forms name.
IN_FORMS = (
    "agreement_id",
    "pair_id",
    "telling_id",
    "circles_id",
    "other_membership_id",
    "other_person_id",
    "check_in_id",
    "new_bond_id",
    "moment_id",
    "gesture",
    "user_id",
    "phoning_round_id",
    "call_id",
    "project_id",
    "step_id",
    "meeting_id",
    "trainer_id",
    "answer_id",
    "tally_id",
    "activity_tally_id",
    "poster_id",
    "feed_link_id",
    "sent_referral_id",
    "partner_link_id",
    *sorted({*OF_OTHER_KINDS.values()}),
)
# A sheet typed back in: its fields are named after a building and a door.
TYPED = "workspace.outreach.update_sheet"
MASKS = (
    (re.compile(r'(name="code"[^>]*value=")[^"]+'), r"\1CODE"),
    (re.compile(r"code(=|%3D)[A-Z2-9]{5}"), "code=CODE"),
    (re.compile(r"(/|%2F)c(/|%2F)(?:la-bas|nulle-part)(/|%2F)"), "/c/SLUG/"),
    (re.compile(r'(name="csrf_token"[^>]*value=")[^"]+'), r"\1TOKEN"),
    # What is by chance on the pages of the second step: what a passkey is asked, and the key of an application with its picture.
    (re.compile(r'(data-passkey=")[^"]+'), r"\1ASKED"),
    (re.compile(r'(name="secret"[^>]*value=")[^"]+'), r"\1SEALED"),
    (re.compile(r'(src="data:image/svg)[^"]+'), r"\1"),
    (re.compile(r"<strong>(?:[A-Z2-7]{4} ?){8}</strong>"), "KEY"),
    # The second in which a calendar was written.
    (re.compile(r"DTSTAMP:[0-9TZ]+"), "DTSTAMP"),
    (re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"), "ID"),
)


@dataclass(frozen=True)
class Knock:
    """One request, twice: with something of the other collective, and with the same made up."""

    method: str
    foreign: str
    random: str
    form: dict[str, Any] = field(default_factory=dict)
    random_form: dict[str, Any] = field(default_factory=dict)
    # Whether the path itself names something of the other collective.
    path_is_foreign: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.foreign} {self.form or ''}"


def address(house: Flask, rule: Rule, values: dict[str, Any], query: dict[str, Any] | None = None) -> str:
    # Built by the map itself: a request of our own around each of thirty thousand addresses took a quarter of the crawl.
    return house.url_map.bind("localhost").build(rule.endpoint, {**{name: values[name] for name in rule.arguments}, **(query or {})})


def nowhere() -> dict[str, UUID]:
    """Ids that nobody has."""
    return {name: uuid4() for name in (*OF_A_COLLECTIVE, *IN_FORMS)}


def fill(house: Flask, rule: Rule, slug: str, collective_id: UUID, ids: dict[str, UUID]) -> dict[str, Any]:
    """A value for each parameter of a rule."""
    with house.app_context():
        known = {**OF_NOBODY, **{name: ids[name] for name in OF_A_COLLECTIVE}, "collective": slug}
        known["token"] = invitation_token(collective_id, ids["invitation_id"])
        if rule.endpoint in ("enrolment.new", "enrolment.create"):
            known["token"] = enrolment_token(collective_id, ids["course_id"])
        if rule.endpoint in ("referral_answer.show", "referral_answer.create"):
            known["token"] = answer_token(collective_id, ids["sent_referral_id"])
        if rule.endpoint in ("enrolment.new_presence", "enrolment.create_presence"):
            known["token"] = wall_token(collective_id, ids["session_id"])
        if rule.endpoint in ("enrolment.new_answer", "enrolment.create_answer"):
            known["token"] = questionnaire_token(collective_id, ids["course_id"])
        if rule.endpoint == "feeds.show":
            known["token"] = feed_token(collective_id, ids["feed_link_id"])
        if rule.endpoint.startswith("partner_link."):
            known["token"] = partner_token(collective_id, ids["partner_id"], ids["partner_link_id"])
    if rule.endpoint.startswith("workspace.followup.") and "document_id" in rule.arguments:
        known["document_id"] = ids["poster_id"]
    if rule.endpoint in OF_PHONING:
        known["round_id"] = ids["phoning_round_id"]
    if rule.endpoint in OF_OTHER_KINDS:
        known["round_id"] = ids[OF_OTHER_KINDS[rule.endpoint]]
    missing = rule.arguments - known.keys()
    assert not missing, f"The crawl does not know how to fill {sorted(missing)} of {rule.rule}: teach it in tests/tenants/crawl.py."
    return {name: known[name] for name in rule.arguments}


def form(endpoint: str, ids: dict[str, UUID], **changes: Any) -> dict[str, Any]:
    """Every field of every form, filled so that the form is valid, with these ids."""
    own = BY_ENDPOINT.get(endpoint, {})
    fields = {**FIELDS, **{name: value for name, value in own.items() if name not in ID_FIELDS}}
    named = {name: str(ids[own.get(name, what)]) for name, what in ID_FIELDS.items() if name != "draft_id"}
    if endpoint == TYPED:
        named |= {f"{ids['building_id'].hex}.1.12": "p"}
    return {**fields, **named, **changes}


def knocks(house: Flask, rule: Rule, here: Hive, there: Hive, refused: bool = False) -> Iterator[Knock]:
    """Every way of asking one route for something of the other collective.

    Who is `refused` at the route whatever they ask is tried with one id at a time in the path, and with all ids at once in the form.
    """
    nobody = nowhere()
    ours, theirs = fill(house, rule, here.slug, here.id, here.ids), fill(house, rule, there.slug, there.id, there.ids)
    # A signed link of theirs is theirs to give: what is tried is one that pairs our collective with their row.
    theirs |= {"token": fill(house, rule, here.slug, here.id, there.ids)["token"]} if "token" in theirs else {}
    random = fill(house, rule, here.slug, here.id, nobody)
    named = sorted(rule.arguments & {*OF_A_COLLECTIVE, "token"})
    path = lambda values, **query: address(house, rule, values, query)  # noqa: E731  # said four times below
    if "collective" in rule.arguments:
        for method in METHODS:
            full = form(rule.endpoint, there.ids) if method == "POST" else {}
            yield Knock(method, path(theirs), path({**theirs, "collective": "nulle-part"}), full, full, path_is_foreign=True)
    for size in range(1, 2 if refused else len(named) + 1):
        for some in itertools.combinations(named, size):
            mixed, unknown = {**ours, **{n: theirs[n] for n in some}}, {**ours, **{n: random[n] for n in some}}
            for method in ("GET", "POST"):
                full = form(rule.endpoint, here.ids) if method == "POST" else {}
                yield Knock(method, path(mixed), path(unknown), full, full, path_is_foreign=True)
    if "GET" in rule.methods:
        yield Knock("GET", path(ours, **QUERIES, id=there.ids["round_id"]), path(ours, **QUERIES, id=nobody["round_id"]))
    if "GET" in rule.methods and not refused:
        yield Knock("GET", path(ours, porte=there.ids["round_id"]), path(ours, porte=nobody["round_id"]))
        yield Knock("GET", path(ours, code=round_code(there.ids["round_id"])), path(ours, code=round_code(nobody["round_id"])))
    if "POST" in rule.methods:
        near = fields_near(house.view_functions[rule.endpoint].__module__)
        for name, what in ID_FIELDS.items() if not refused else ():
            # A field that nothing near the view reads is read by nobody there: one knock with all of them is enough, below.
            if name not in near and name != "draft_id":
                continue
            what = BY_ENDPOINT.get(rule.endpoint, {}).get(name, what)
            yield Knock(
                "POST",
                path(ours),
                path(ours),
                form(rule.endpoint, here.ids, **{name: str(there.ids[what])}),
                form(rule.endpoint, here.ids, **{name: str(nobody[what])}),
            )
        yield Knock("POST", path(ours), path(ours), form(rule.endpoint, there.ids), form(rule.endpoint, nobody))


@cache
def imports_of(file: Path) -> frozenset[Path]:
    """The files of the house that a file takes something from."""
    found: set[Path] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(("app", "tenants")):
            module = ROOT / Path(*(node.module or "").split("."))
            found |= {each for each in (module.with_suffix(".py"), *(module / f"{name.name}.py" for name in node.names)) if each.exists()}
    return frozenset(found)


@cache
def fields_read_in(file: Path) -> frozenset[str]:
    """Names of fields that the forms of a file declare and its functions read; of those that carry an id, any that it spells out."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Constant) and node.value in ID_FIELDS.keys() - {"id"}:
            found.add(str(node.value))
        if isinstance(node, ast.ClassDef) and node.name.endswith("Form"):
            calls = (each for each in node.body if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call))
            found |= {target.id for each in calls for target in each.targets if isinstance(target, ast.Name)}
        if isinstance(node, ast.Call) and re.fullmatch(r"request\.(form|args)\.get(list)?", ast.unparse(node.func)):
            found |= {each.value for each in node.args[:1] if isinstance(each, ast.Constant)}
    return frozenset(found)


@cache
def fields_near(module: str) -> frozenset[str]:
    """Fields that a view's file reads, or what it imports, or what that imports."""
    own = (ROOT / Path(*module.split("."))).with_suffix(".py")
    if not own.exists():
        return frozenset()
    near = {own, *imports_of(own)}
    return frozenset().union(*(fields_read_in(file) for file in near | {far for each in near for far in imports_of(each)}))


@lru_cache(maxsize=16384)
def encoded(name: str, value: str) -> str:
    """One field of a form as it is sent."""
    return urlencode({name: value})


def ask(someone: Someone, method: str, address: str, fields: dict[str, Any]) -> TestResponse:
    if method in ("GET", "HEAD", "OPTIONS"):
        return someone.client.open(address, method=method, buffered=True)
    # Two hundred fields, nearly all of them as last time: the test client takes two milliseconds for them, the standard library half of one.
    every = {"csrf_token": someone.token, **fields}.items()
    data = "&".join(encoded(name, str(one)) for name, said in every for one in (said if isinstance(said, list | tuple) else [said]))
    return someone.client.open(address, method=method, data=data, content_type="application/x-www-form-urlencoded", buffered=True)


@lru_cache(maxsize=4096)
def mask(text: str) -> str:
    """A text without what differs from request to request. Kept, because most answers are the one page that says no."""
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text


def masked(answer: TestResponse, address: str) -> tuple[Any, ...]:
    """Status, place and body, without what the address said itself and what differs from request to request."""
    path = address.partition("?")[0]
    parts = [answer.headers.get("Location", ""), answer.headers.get("Content-Type", ""), answer.text]
    for said in (address, path, quote(address), quote(path), quote(path, safe="")):
        parts = [part.replace(said, "ADDRESS") for part in parts]
    return (answer.status_code, *map(mask, parts))


@cache
def fields_read_by_the_house() -> frozenset[str]:
    """Names of fields that forms declare and views read, found in the source."""
    files = [*ROOT.glob("app/**/*.py"), *ROOT.glob("tenants/*.py")]
    return frozenset().union(*(fields_read_in(file) for file in files if "demo" not in file.parts))
