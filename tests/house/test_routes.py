"""Every route is behind a door or on a short list; every view of a workspace says who may."""

from uuid import UUID

import pytest
from flask import Blueprint, Flask

from app import network
from app.reports.public_views import HEAD
from tenants import workspace
from tenants.access import PERMISSIONS, READS_FILES, may
from tenants.communes import slug_of
from tenants.founding import RESERVED

# Whoever comes by may ask these; each with its reason.
PUBLIC = {
    "static": "our own files",
    "bootstrap.static": "Bootstrap's files",
    "accounts.new_sign_in": "where one signs in",
    "accounts.create_sign_in": "where one signs in",
    "accounts.delete_sign_in": "signing out twice is signing out",
    "accounts.choose_language": "before signing in",
    "accounts.new_reset": "a forgotten password",
    "accounts.create_reset": "a forgotten password",
    "accounts.edit_password": "a signed link",
    "accounts.update_password": "a signed link",
    "accounts.new_second_step": "after the password, before the sign-in",
    "accounts.create_second_step": "after the password, before the sign-in",
    "accounts.show_removal": "a signed link",
    "accounts.cancel_removal": "a signed link",
    "accounts.edit_digest": "a signed link",
    "accounts.delete_digest": "a signed link",
    "accounts.show_invitation": "a signed link",
    "accounts.accept_invitation": "a signed link",
    "catalogue.index": "what the figures mean",
    "discover.index": "how to reach a collective",
    "discover.show": "a collective that wants to be found",
    "editions.index": "what the network published",
    "editions.show": "published",
    "editions.show_edition": "published",
    "editions.download": "published",
    "enrolment.new": "a signed link",
    "enrolment.create": "a signed link",
    "enrolment.new_presence": "a signed link",
    "enrolment.create_presence": "a signed link",
    "enrolment.new_answer": "a signed link",
    "enrolment.create_answer": "a signed link",
    "enrolment.new_check": "whoever is shown a certificate",
    "enrolment.create_check": "whoever is shown a certificate",
    "enrolment.show_calendar": "a secret address",
    "referral_answer.show": "a signed link",
    "referral_answer.create": "a signed link",
    "feeds.show": "a secret address",
    "partner_link.new": "a signed link",
    "partner_link.create": "a signed link",
    "partner_link.show": "a signed link",
    "partner_link.new_follow_up": "whoever has a receipt",
    "partner_link.create_follow_up": "whoever has a receipt",
    "health.healthz": "for whoever watches the machine",
    "mailbox.index": "the demonstration alone",
    "parts.index": "the demonstration alone",
}
DOORS = {"workspace": workspace.open_door, "network": network.open_door}


def rules(house):
    return sorted(house.url_map.iter_rules(), key=lambda each: (each.rule, each.endpoint))


def check_behind_a_door(house):
    for rule in rules(house):
        room = rule.endpoint.split(".")[0]
        if room in DOORS:
            assert DOORS[room] in house.before_request_funcs.get(room, []), f"The door of {room} is open: register its before_request."
            continue
        asks = house.test_client().open(house_address(house, rule), method="POST" if "POST" in rule.methods else "GET")
        turned_away = (asks.status_code == 302 and asks.location.startswith("/connexion")) or asks.status_code == 400
        behind = getattr(house.view_functions[rule.endpoint], "__wrapped__", None) is not None and turned_away
        assert behind or rule.endpoint in PUBLIC, (
            f"{rule.endpoint} ({rule.rule}) is behind no door: hang it on the workspace or the network, "
            "add @login_required, or give it a reason in PUBLIC (tests/house/test_routes.py)."
        )


def house_address(house, rule):
    with house.test_request_context():
        from flask import url_for

        return url_for(rule.endpoint, **{name: 1 if f"<int:{name}>" in rule.rule else str(UUID(int=0)) for name in rule.arguments})


def check_says_who_may(house):
    for rule in rules(house):
        if rule.endpoint.startswith("workspace."):
            action = getattr(house.view_functions[rule.endpoint], "permission", None)
            assert action in PERMISSIONS, f'{rule.endpoint} says not who may: add @may("…") right under its route (tenants/access.py).'


def check_converters(house):
    for rule in rules(house):
        bare = [name for name in rule.arguments if f":{name}>" not in rule.rule]
        assert not bare, f"{rule.rule} takes {bare} as any text: give each a converter, such as <uuid:{bare[0]}>."


@pytest.mark.parametrize("check", [check_behind_a_door, check_says_who_may, check_converters], ids=lambda each: each.__name__)
def test_the_routes_of_the_house(house, check):
    check(house)


def test_the_short_list_has_nothing_that_is_gone(house):
    gone = PUBLIC.keys() - {rule.endpoint for rule in rules(house)}
    assert not gone, f"{sorted(gone)} are no routes any more: take them off PUBLIC (tests/house/test_routes.py)."


def test_every_permission_is_asked_for(house):
    asked = {getattr(view, "permission", None) for view in house.view_functions.values()}
    # The gate before people's files is there before the room of people is.
    spare = PERMISSIONS.keys() - asked - (set() if "workspace.people" in house.blueprints else READS_FILES)
    assert not spare, f"No view asks for {sorted(spare)}: take them out of tenants/access.py."


def test_a_permission_that_does_not_exist_is_refused_at_start():
    with pytest.raises(KeyError, match=r"tenants/access\.py"):
        may("fly")


@pytest.mark.parametrize(
    ("check", "rule", "endpoint"),
    [
        (check_behind_a_door, "/ouvert", "ouvert"),
        (check_says_who_may, "/c/<string:collective>/ouvert", "workspace.ouvert"),
        (check_converters, "/ouvert/<quoi>", "ouvert"),
    ],
)
def test_a_bad_route_is_noticed(check, rule, endpoint):
    house = Flask("bad")
    room = Blueprint("workspace", "bad")
    (room if "." in endpoint else house).add_url_rule(rule, "ouvert", lambda **_: "")
    house.register_blueprint(room)
    with pytest.raises(AssertionError):
        check(house)


def test_no_collective_is_called_like_a_place_of_ours(house):
    """What stands first in an address, or behind a place where slugs of collectives stand."""
    among_slugs = ("c", "rapports", "decouvrir")
    words = {HEAD}
    for rule in rules(house):
        first, *behind = rule.rule.strip("/").split("/")
        words |= {first} | {each for each in behind[:1] if first in among_slugs}
    ours = {each for each in words if each and slug_of(each) == each}
    assert ours <= RESERVED, f"Add {sorted(ours - RESERVED)} to PLACES (tenants/founding.py): a collective could be called so."
    assert not {slug_of(each) for each in RESERVED} ^ RESERVED
