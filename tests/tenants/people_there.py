"""A person of a crawled collective, with one of everything that her file may hold."""

from datetime import timedelta
from uuid import UUID, uuid5

from app.db import db, new_id, now
from app.followup.bonds import BondMoment, HeartBond, MomentKind, begin, tell_of
from app.followup.endings import FileEnding
from app.followup.silence import CallOutcome, SilenceRule, call, set_default
from app.people.circles import ContactCircles, Moment
from app.people.erasure import erase
from app.people.home_meetings import HomeMeeting
from app.people.models import FoundBy, Person, Stage
from app.people.opening import open_file
from app.people.pairs import CompanionCard, assign
from app.people.path import step
from app.people.tellings import Occasion, Telling, tell
from tenants.models import Membership
from tenants.months import today_in


def meet_someone(volunteer: Membership, coordinator: Membership, secret: str) -> dict[str, UUID]:
    """Open a file in which every text carries the word `secret`; returns what addresses and forms name."""
    today = today_in("Europe/Paris")
    values = {"name": f"Ada {secret}", "street": f"Rue {secret}", "phone": "+33261914488", "likes": f"Lire {secret}", "gives": f"Coudre {secret}"}
    person = open_file(new_id(), values, FoundBy.neighbour, today - timedelta(days=9), (volunteer.id, today, f"Oui {secret}"))
    taken = step(person, Stage.met, today, new_id(), f"Un café {secret}")
    pair = assign(person, volunteer.id, coordinator.id, today, new_id())
    telling = Telling(person_id=person.id, occasion=Occasion.visit, on=today, title=f"Chez elle {secret}", text=f"Elle a dit {secret}")
    tell(person, telling)
    circles = ContactCircles(person_id=person.id, moment=Moment.entry, on=today, family=1)
    card = CompanionCard(member_id=volunteer.id, languages=["fr"], likes=f"Lire {secret}")
    meeting = HomeMeeting(
        person_id=person.id, one_id=volunteer.id, other_id=coordinator.id, starts_at=now() + timedelta(days=1), where=f"Porte {secret}"
    )
    db.session.add_all([circles, card, meeting])
    return {
        "person_id": person.id,
        "path_step_id": taken.id,
        "agreement_id": uuid5(person.id, "agreed"),
        "pair_id": pair.id,
        "telling_id": telling.id,
        "circles_id": circles.id,
        "home_meeting_id": meeting.id,
        "other_membership_id": coordinator.id,
        **_care(person, volunteer, secret),
    }


def _care(person: Person, member: Membership, secret: str) -> dict[str, UUID]:
    """Calls, a rule, a bond with someone else, an announced end; and a file that was erased."""
    today, agreed = today_in("Europe/Paris"), (member.id, today_in("Europe/Paris"), f"Oui {secret}")
    other, lost = (open_file(new_id(), {"name": f"{name} {secret}"}, FoundBy.neighbour, today, agreed) for name in ("Anatole", "Perdue"))
    call_id, erasure_id = new_id(), new_id()
    call(person, CallOutcome.well, today, call_id)
    set_default(21)
    rule = SilenceRule(person_id=person.id, days=14, paused_because=f"Loin {secret}")
    bond = begin(HeartBond(person_id=person.id, other_person_id=other.id, began_on=today, how=f"Au bal {secret}", words=f"Oui {secret}"))
    ending = FileEnding(person_id=person.id, kept_because=f"Elle revient {secret}")
    db.session.add_all([rule, ending])
    # What is told points at the bond; what is erased must have been written.
    db.session.flush()
    moment = BondMoment(kind=MomentKind.meeting, on=today, member_id=member.id, note=f"Un thé {secret}")
    tell_of(bond, moment)
    erase(lost, erasure_id, asked=True)
    ids = {"bond_id": bond.id, "moment_id": moment.id, "check_in_id": call_id, "erasure_id": erasure_id}
    return ids | {"other_person_id": other.id, "new_bond_id": bond.id}
