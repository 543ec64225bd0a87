"""Two collectives of the crawl's own, each with a team and one of everything that can be named in an address."""

from dataclasses import dataclass, field
from uuid import UUID

import sqlalchemy as sa
from flask import Flask

from app.accounts.drafts import Draft
from app.accounts.factors import Passkey
from app.accounts.models import Invitation, SignIn, User
from app.accounts.passwords import hashed
from app.db import db, new_id, now
from app.demo.world import PASSWORD
from app.outreach.buildings import Building
from app.outreach.encounters import Outcome, log_doors
from app.outreach.models import OutreachKind, Round
from app.outreach.pasting import paste
from app.outreach.phoning import HELD, CallOutcome, PhoneNumber, PhoneScript, log_call
from app.people.tasks import Desk, own_task
from app.transaction import transaction
from tenants import bootstrap, ledger
from tenants.founding import found_collective
from tenants.models import Membership, Role
from tenants.months import month_of, today_in
from tenants.scope import inside, speak_as
from tests.tenants.course import accompany, train
from tests.tenants.other_ways import go_other_ways
from tests.tenants.partners_there import report
from tests.tenants.people_there import meet_someone
from tests.tenants.places_there import lead_on
from tests.tenants.report import write_report
from tests.tenants.samples import IN_ORDER
from tests.tenants.together import gather

DOMAIN = "crawl.example.org"
HERE, THERE = "ici", "la-bas"


@dataclass
class Hive:
    """A collective, the ids its addresses and forms take, and the words that nobody outside may read."""

    slug: str
    id: UUID
    ids: dict[str, UUID] = field(default_factory=dict)
    # By role: a draft, a sign-in and a membership of one's own.
    drafts: dict[str, UUID] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def email(self, role: str) -> str:
        return f"{role}.{self.slug}@{DOMAIN}"


def settle(house: Flask, slug: str, secret: str) -> Hive:
    """Found a collective in which every text carries the word `secret`."""
    kept = hashed(PASSWORD)
    with house.app_context(), transaction():
        collective = found_collective("44109", neighbourhood=slug, slug=slug)
        hive = Hive(slug, collective.id)
        users = {role: User(id=new_id(), email=hive.email(role), name=f"{role} {secret}", password_hash=kept) for role in Role}
        db.session.add_all(users.values())
        # Sign-ins and memberships point at users.
        db.session.flush()
        sign_in = SignIn(id=new_id(), user_id=users[Role.coordinator].id, device=f"Téléphone {secret}")
        passkey = Passkey(id=new_id(), user_id=sign_in.user_id, credential_id=slug.encode(), public_key=b"", sign_count=0, device=f"Clé {secret}")
        db.session.add_all([sign_in, passkey])
        speak_as(users[Role.volunteer].id)
        with inside(collective.id):
            hive.ids = _furnish(users, secret)
            own = {each.user_id: each.id for each in db.session.scalars(sa.select(Draft))}
        speak_as(None)
    hive.drafts = {role: own[user.id] for role, user in users.items()}
    hive.words = {secret, secret.lower(), *(str(each) for each in (*hive.ids.values(), *own.values(), sign_in.id, passkey.id, *own))}
    hive.ids |= {"sign_in_id": sign_in.id, "passkey_id": passkey.id, "collective_id": collective.id, "user_id": users[Role.volunteer].id}
    return hive


def _furnish(users: dict[Role, User], secret: str) -> dict[str, UUID]:
    team = {role: Membership(user_id=user.id, role=role, display_name=user.name) for role, user in users.items()}
    today = today_in("Europe/Paris")
    round_ = Round(area=f"Allée {secret}", day=today, planned_by=users[Role.coordinator].id)
    building = Building(round_id=round_.id, label=f"Tour {secret}", floors=2, per_floor=2, ground=1)
    invitation = Invitation(email=f"{secret}@{DOMAIN}".lower(), role=Role.volunteer, invited_by=users[Role.coordinator].id)
    drafts = [Draft(user_id=user.id, path=f"/c/{secret}", fields=f'[["area", "{secret}"]]') for user in users.values()]
    for some in (team.values(), [round_], [building, invitation, *drafts]):
        db.session.add_all(some)
        # Each sort points at those before.
        db.session.flush()
    round_.compose([team[Role.volunteer].id, team[Role.coordinator].id])
    gesture = new_id()
    log_doors(round_, building, [(1, "11")], Outcome.talked, gesture)
    phoning = _phone(team, secret)
    course = train(team[Role.trainer], team[Role.coordinator], secret)
    others = go_other_ways(team[Role.volunteer], team[Role.coordinator], secret)
    met = meet_someone(team[Role.volunteer], team[Role.coordinator], secret)
    accompany(met["person_id"], course["participant_id"])
    together = gather(team[Role.volunteer], team[Role.coordinator], met["person_id"], secret)
    reported = report(team[Role.coordinator], secret)
    task_id = new_id()
    own_task(task_id, f"Rappeler {secret}", today, Desk.member, team[Role.volunteer].id)
    told = write_report(secret)
    led = lead_on(team[Role.volunteer], met["person_id"], secret)
    ledger.recount(month_of(today))
    # The recount took the mark away that the doors had left.
    ledger.mark(today)
    return {
        "round_id": round_.id,
        "building_id": building.id,
        "membership_id": team[Role.volunteer].id,
        "invitation_id": invitation.id,
        "draft_id": drafts[0].id,
        "gesture": gesture,
        "task_id": task_id,
        **phoning,
        **others,
        **met,
        **led,
        **together,
        **course,
        **told,
        **reported,
    }


def _phone(team: dict[Role, Membership], secret: str) -> dict[str, UUID]:
    """A phoning round with a script, a call, and a number in the hands of each caller."""
    round_ = Round(kind=OutreachKind.phoning, area=f"Liste {secret}", day=today_in("Europe/Paris"))
    db.session.add_all([round_, PhoneScript(text=f"Bonjour {secret}")])
    # Numbers point at the round.
    db.session.flush()
    callers = (Role.coordinator, Role.volunteer)
    round_.compose([team[role].id for role in callers])
    paste(round_, "02 61 91 44 44\n02 61 91 44 45\n02 61 91 44 46")
    called, *held = db.session.scalars(sa.select(PhoneNumber).where(PhoneNumber.round_id == round_.id).order_by(PhoneNumber.position))
    call_id = new_id()
    log_call(round_, called, CallOutcome.refused, call_id, "Europe/Paris")
    ids = {"phoning_round_id": round_.id, "call_id": call_id}
    for role, number in zip(callers, held, strict=True):
        number.held_by, number.held_until = team[role].user_id, now() + HELD
        ids[f"number_id of {role}"] = number.id
    return ids | {"number_id": ids[f"number_id of {Role.volunteer}"]}


def demolish(superuser: str) -> None:
    """Take committed collectives and their people away again."""
    with bootstrap.connect(superuser) as connection:
        connection.execute("delete from collectives where slug = any(%s)", [[HERE, THERE]])
        connection.execute("delete from users where email like %s", [f"%@{DOMAIN}"])


def checksum(hive: Hive) -> str:
    """SQL for a number per table that changes with any row of a collective, its people included."""
    tables = {table.name: f"collective_id = '{hive.id}'" for table in IN_ORDER}
    tables |= dict.fromkeys(("support_meetings", "support_decisions"), f"publisher_id = '{hive.id}'")
    tables |= {"users": f"email ~ '[.]{hive.slug}@{DOMAIN}'"}
    return " union all ".join(
        f"select '{table}', count(*), md5(string_agg(t::text, '|' order by t::text)) from {table} t where {condition}"
        for table, condition in sorted(tables.items())
    )


def checksum_as_backup(address: str, hive: Hive) -> dict[str, tuple[int, str]]:
    """The numbers, read as the one role that may bypass the policies."""
    with bootstrap.connect(address) as connection:
        return {table: (count, number) for table, count, number in connection.execute(checksum(hive))}
