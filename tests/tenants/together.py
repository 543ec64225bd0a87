"""Permanences, activities and a support note of a crawled collective, each with words that carry its secret."""

from datetime import time, timedelta
from uuid import UUID

from app.db import db, new_id
from app.followup.activities import Activity, ActivityGuest, ActivityKind, Carrier
from app.followup.attendance import ActivityTally, ActivityVisit, DropInTally, DropInVisit
from app.followup.drop_ins import DropIn, DropInSubject
from app.followup.feeds import FeedLink
from app.followup.photos import KIND, MADE, ActivityPhoto, PhotoState
from app.followup.places import TeamAnswer
from app.followup.rules import DropInRule, Nth
from app.followup.support import Mood, Side, SupportDecision, SupportMeeting
from tenants.documents import Document
from tenants.models import Membership
from tenants.months import month_of, today_in
from tenants.scope import here


def gather(volunteer: Membership, coordinator: Membership, person_id: UUID, secret: str) -> dict[str, UUID]:
    """Returns what addresses and forms name. All of it is still to come or happens today, so that it may be written to."""
    today, hours = today_in("Europe/Paris"), {"begins": time(10), "ends": time(12)}
    rule = DropInRule(nth=Nth.second, day_of_week=1, where=f"Salle {secret}", since=today, phone="+33261914400", one_id=volunteer.id, **hours)
    activity = Activity(kind=ActivityKind.meal, title=f"Soupe {secret}", day=today, where=f"Cour {secret}", about=f"Un {secret}", **hours)
    activity.idea_of, activity.planned_by = f"Ada {secret}", coordinator.user_id
    link = FeedLink(member_id=volunteer.id)
    db.session.add_all([rule, activity, link])
    # Days, visits and photos point at them.
    db.session.flush()
    drop_in = DropIn(rule_id=rule.id, planned_on=today, day=today, where=f"Salle {secret}", one_id=volunteer.id, other_id=coordinator.id, **hours)
    document = Document(kind=KIND, about_id=activity.id, filename="photo.jpg", media_type=MADE)
    poster = Document(kind="drop_in_poster", about_id=rule.id, filename="affiche.pdf", media_type="application/pdf")
    meeting = SupportMeeting(publisher_id=here(), id=new_id(), month=month_of(today), proposed_by=Side.network, where=f"Mairie {secret}")
    meeting.proposed = [f"{today}T14:00"]
    db.session.add_all([drop_in, document, poster, meeting])
    db.session.flush()
    for paper in (document, poster):
        paper.fill(f"{secret} image".encode())
    meeting.write(Side.network, f"Luce {secret}", mood=Mood.well, difficulties=f"Dur {secret}", needs=f"Du {secret}")
    # Forms of the crawl say that they read the first version.
    meeting.version = 1
    photo = ActivityPhoto(
        activity_id=activity.id, document_id=document.id, state=PhotoState.ready, consent=f"Ada {secret}", caption=f"Table {secret}"
    )
    decision = SupportDecision(publisher_id=here(), id=new_id(), meeting_id=meeting.id, what=f"Voir {secret}", side=Side.collective, who=secret)
    decision.due_on = today + timedelta(days=1)
    guest = ActivityGuest(activity_id=activity.id, person_id=person_id)
    answer = TeamAnswer(activity_id=activity.id, member_id=coordinator.id, comes=True)
    carrier = Carrier(activity_id=activity.id, person_id=person_id, on=today, words=f"Oui {secret}")
    tally = DropInTally(drop_in_id=drop_in.id, number=2, by_user=volunteer.user_id)
    other = ActivityTally(activity_id=activity.id, number=2, by_user=volunteer.user_id)
    visits = [DropInVisit(drop_in_id=drop_in.id, person_id=person_id), ActivityVisit(activity_id=activity.id, person_id=person_id)]
    subject = DropInSubject(drop_in_id=drop_in.id, subject="remobilisation--lien-social")
    db.session.add_all([photo, decision, guest, answer, carrier, tally, other, subject, *visits])
    return {
        "rule_id": rule.id,
        "drop_in_id": drop_in.id,
        "activity_id": activity.id,
        "guest_id": guest.id,
        "carrier_id": carrier.id,
        "photo_id": photo.id,
        "poster_id": poster.id,
        "support_id": meeting.id,
        "decision_id": decision.id,
        "feed_link_id": link.id,
        "tally_id": tally.id,
        "activity_tally_id": other.id,
    }
