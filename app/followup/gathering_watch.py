"""What waits in this room: a permanence without two hosts, one that nobody told of, an activity likewise, guests to phone, a decision."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, event, func, select

from app.db import db, now
from app.followup.activities import Activity, ActivityGuest, Answer
from app.followup.drop_ins import DropIn, untold, without_hosts
from app.followup.gatherings import GatheringState
from app.followup.support import Side, SupportDecision, SupportMeeting, meetings, open_decisions
from app.languages import written_date
from app.people.tasks import Desk, Said, Task, TaskState, Wanted, asks, settle_kind
from tenants.communes import name_key
from tenants.models import Membership, members
from tenants.scope import here
from workers.queue import later

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


def ask_about_permanences() -> None:
    """After permanences were written to."""
    settle_kind("drop_in_hosts")
    settle_kind("drop_in_untold")


def announce_permanences() -> None:
    """After a day, an hour, a place or a cancellation was written: the public page tells it too, if the collective has one."""
    later("announce_permanences")


def ask_about_activities() -> None:
    """After activities were written to."""
    settle_kind("activity_untold")
    settle_kind("activity_calls")


def ask_about_decisions() -> None:
    """After a decision was made, done or dropped."""
    settle_kind("decision")


def ask_about_support() -> None:
    """After dates were proposed or chosen, and after a note was written or signed."""
    settle_kind("support")


def _day(value: date) -> str:
    return written_date(value, "EEEE d MMMM")


def _present() -> set[UUID]:
    return set(db.session.scalars(members().with_only_columns(Membership.id).order_by(None)))


def _desk(*candidates: UUID | None) -> tuple[Desk, UUID | None]:
    """The list of the first of these who is still of the team, or else the coordination's."""
    present = _present()
    member = next((each for each in candidates if each in present), None)
    return (Desk.member, member) if member else (Desk.coordination, None)


def say_hosts(task: Task, _name: str) -> Said:
    """Hosts are missing."""
    drop_in = db.session.get_one(DropIn, (here(), task.subject_id))
    missing = 2 - len(_present().intersection(drop_in.hosts))
    return Said(
        _("Trouver qui accueille %(day)s", day=_day(drop_in.day)),
        ngettext(
            "Il manque une personne à la permanence. On accueille à deux.",
            "Il manque %(num)d personnes à la permanence. On accueille à deux.",
            missing,
        ),
        url_for("workspace.followup.edit_drop_in", drop_in_id=drop_in.id),
        _("Choisir qui accueille"),
    )


@asks("drop_in_hosts", say_hosts, "people", of_people=False)
def permanences_without_hosts(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """From a week before on."""
    for drop_in in db.session.scalars(without_hosts(today, WEEK)):
        yield Wanted(drop_in.id, drop_in.day - WEEK)


def say_untold(task: Task, _name: str) -> Said:
    """Nobody has said whether it took place."""
    drop_in = db.session.get_one(DropIn, (here(), task.subject_id))
    return Said(
        _("Raconter la permanence du %(day)s", day=_day(drop_in.day)),
        _("A-t-elle eu lieu ? Combien de personnes sont venues ? Deux minutes suffisent."),
        url_for("workspace.followup.show_attendance", drop_in_id=drop_in.id),
        _("Noter la permanence"),
    )


@asks("drop_in_untold", say_untold, "cup", of_people=False)
def permanences_untold(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """From the day after on, for whoever hosted."""
    for drop_in in db.session.scalars(untold(today)):
        desk, member_id = _desk(drop_in.one_id, drop_in.other_id)
        yield Wanted(drop_in.id, drop_in.day + DAY, desk=desk, member_id=member_id)


def say_activity(task: Task, _name: str) -> Said:
    """Nobody has said whether an activity took place."""
    activity = db.session.get_one(Activity, (here(), task.subject_id))
    return Said(
        _("Raconter « %(title)s »", title=activity.title),
        _("A-t-elle eu lieu ? Qui est venu ?"),
        url_for("workspace.followup.show_participation", activity_id=activity.id),
        _("Noter l’activité"),
    )


@asks("activity_untold", say_activity, "cup", of_people=False)
def activities_untold(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """From the day after on, for whoever planned it."""
    query = select(Activity).where(Activity.state == GatheringState.planned, Activity.day < today)
    for activity in db.session.scalars(query):
        if activity.day:
            desk, member_id = _desk(db.session.scalar(select(Membership.id).where(Membership.user_id == activity.planned_by)))
            yield Wanted(activity.id, activity.day + DAY, desk=desk, member_id=member_id)


def say_calls(task: Task, _name: str) -> Said:
    """Guests are to be phoned: asked along, or told of what changed."""
    activity = db.session.get_one(Activity, (here(), task.subject_id))
    count = db.session.scalar(_to_phone(activity.id)) or 0
    if activity.state == GatheringState.cancelled:
        return Said(
            ngettext("Une personne à prévenir : « %(title)s »", "%(num)d personnes à prévenir : « %(title)s »", count, title=activity.title),
            _("L’activité est annulée. Elles avaient dit oui, et ne le savent pas encore."),
            url_for("workspace.followup.edit_guests", activity_id=activity.id),
            _("Ouvrir la liste"),
        )
    return Said(
        ngettext("Une personne à appeler pour « %(title)s »", "%(num)d personnes à appeler pour « %(title)s »", count, title=activity.title),
        _("L’activité est le %(day)s. La liste dit qui attend un appel.", day=_day(activity.day)) if activity.day else "",
        url_for("workspace.followup.edit_guests", activity_id=activity.id),
        _("Ouvrir la liste"),
    )


def _to_phone(activity_id: UUID) -> Select[int]:
    to_phone = ActivityGuest.answer.in_((Answer.asked, Answer.again))
    told = sa.and_(Activity.collective_id == ActivityGuest.collective_id, Activity.id == ActivityGuest.activity_id)
    # Of what is cancelled, those who had said yes alone are told.
    concerned = sa.or_(ActivityGuest.answer == Answer.again, Activity.state == GatheringState.planned)
    return select(func.count(ActivityGuest.id)).join(Activity, told).where(ActivityGuest.activity_id == activity_id, to_phone, concerned)


@asks("activity_calls", say_calls, "phone", of_people=False)
def guests_to_phone(today: date, _person_id: UUID | None) -> Iterable[Wanted]:
    """From a week before on, those who are on the list and have not answered; at once, those who had said yes and do not know what changed."""
    asked = select(ActivityGuest.activity_id).where(ActivityGuest.answer == Answer.asked)
    soon = sa.and_(Activity.state == GatheringState.planned, Activity.day <= today + WEEK, Activity.id.in_(asked))
    again = select(ActivityGuest.activity_id, func.min(ActivityGuest.at).label("since")).where(ActivityGuest.answer == Answer.again)
    changed = again.group_by(ActivityGuest.activity_id).subquery()
    query = select(Activity, changed.c.since).outerjoin(changed, changed.c.activity_id == Activity.id)
    stands = Activity.state.in_((GatheringState.planned, GatheringState.cancelled))
    for activity, since in db.session.execute(query.where(stands, Activity.day >= today, sa.or_(soon, changed.c.since.is_not(None)))):
        desk, member_id = _desk(db.session.scalar(select(Membership.id).where(Membership.user_id == activity.planned_by)))
        yield Wanted(activity.id, since.date() if since else activity.day - WEEK, desk=desk, member_id=member_id)


def say_decision(task: Task, _name: str) -> Said:
    """Something was decided with the network."""
    decision = db.session.get_one(SupportDecision, (here(), task.subject_id))
    return Said(
        decision.what,
        _("Décidé avec le réseau, pour le %(day)s : %(who)s.", day=_day(decision.due_on), who=decision.who),
        url_for("workspace.followup.show_support", support_id=decision.meeting_id),
        _("Ouvrir la note"),
    )


@asks("decision", say_decision, "talk", of_people=False)
def decisions_due(_today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """On the day that was agreed: for the member who is named, where the name says who that is, else for the coordination."""
    team = [(name_key(each.display_name), each.id) for each in db.session.scalars(members())]
    for decision in db.session.scalars(open_decisions()):
        named = name_key(decision.who)
        meant = [member_id for name, member_id in team if named and (name == named or name.split()[0] == named)]
        desk = (Desk.member, meant[0]) if len(meant) == 1 else (Desk.coordination, None)
        yield Wanted(decision.id, decision.due_on, desk=desk[0], member_id=desk[1])


def say_support(task: Task, _name: str) -> Said:
    """The network waits for a date, or for a signature."""
    meeting = db.session.get_one(SupportMeeting, (here(), task.subject_id))
    title, why, button = (
        (_("Relire et signer la note avec le réseau"), _("Le réseau l’a signée. Elle dit ce que l’équipe a dit."), _("Ouvrir la note"))
        if meeting.is_written
        else (_("Choisir une date avec le réseau"), _("Le réseau propose de se voir. L’équipe choisit le jour."), _("Choisir la date"))
    )
    return Said(title, why, url_for("workspace.followup.show_support", support_id=meeting.id), button)


def _asks_for_a_date(meeting: SupportMeeting, today: date) -> bool:
    if meeting.proposed_by != Side.network or meeting.day is not None or meeting.is_written or meeting.missed_because:
        return False
    return any(each[:10] >= today.isoformat() for each in meeting.proposed)


@asks("support", say_support, "talk", of_people=False)
def support_waits(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Meetings to which the network proposed dates, one of them still to come, and notes that the network has signed alone."""
    for meeting in db.session.scalars(meetings().where(SupportMeeting.collective_signed_at.is_(None))):
        if meeting.network_signed_at:
            yield Wanted(meeting.id, meeting.network_signed_at.date())
        elif _asks_for_a_date(meeting, today):
            yield Wanted(meeting.id, meeting.at.date())


@event.listens_for(Task.state, "set")
def note_in_decision(task: Task, state: TaskState, _before: object, _initiator: object) -> None:
    """A task that is ticked, or is not done after all, says so in the note too, where the network reads it."""
    if task.kind != "decision" or state not in (TaskState.done, TaskState.open):
        return
    decision = db.session.get(SupportDecision, (task.collective_id, task.subject_id))
    if decision is not None:
        decision.done_at = now() if state == TaskState.done else None
