"""What prescriptions ask of the coordination, one gesture at a time: first the person is told, then it is decided."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

from flask import g, url_for
from flask_babel import gettext as _

from app.db import db
from app.languages import written_date
from app.people.tasks import Said, Task, Wanted, asks, settle_kind
from app.referral.prescriptions import Prescription, undecided, uninformed
from tenants.months import today_in
from tenants.rows import found

WEEK = timedelta(days=7)


def ask_again() -> None:
    """After the coordination wrote to a prescription. What a partner sends is asked about by the job that tells of it."""
    settle_kind("prescription")
    settle_kind("inform")
    settle_kind("inform_known")


def _said(task: Task, title: str, why: str, button: str) -> Said:
    return Said(title, why, url_for("workspace.referral.show_prescription", prescription_id=task.subject_id), button)


def say_decide(task: Task, _name: str) -> Said:
    """The person knows: what does the collective do?"""
    whom = found(Prescription, task.subject_id).whom or ""
    return _said(
        task, _("Répondre à un partenaire, pour %(name)s", name=whom), _("Elle le sait. Il reste à décider de la suite."), _("Lire et décider")
    )


@asks("prescription", say_decide, "mail", of_people=False)
def waits_for_a_decision(_today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Prescriptions whose person knows, and that nobody has decided."""
    for each in db.session.scalars(undecided()):
        if each.is_told:
            yield Wanted(each.id, each.received_on)


def say_inform(task: Task, name: str) -> Said:
    """A month to tell someone that they were reported."""
    prescription = found(Prescription, task.subject_id)
    due = prescription.inform_by or prescription.received_on
    over = due < today_in(g.collective.time_zone)
    why = _("Le mois est passé depuis le %(day)s.") if over else _("Elle a le droit de le savoir avant le %(day)s.")
    title = _("Dire à %(name)s qu’un partenaire nous a parlé d’elle", name=name or prescription.whom or "")
    return _said(task, title, why % {"day": written_date(due, "d MMMM")}, _("Ouvrir la prescription"))


@asks("inform", say_inform, "clock", of_people=False)
def waits_for_a_word(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Undecided prescriptions whose person is still to be told."""
    for each in db.session.scalars(uninformed().where(Prescription.decision.is_(None))):
        yield Wanted(each.id, asked_on(each, today))


@asks("inform_known", say_inform, "clock")
def known_and_not_told(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """The same for those who have a file, so that their death ends it at once."""
    query = uninformed().where(Prescription.person_id.is_not(None))
    for each in db.session.scalars(query if person_id is None else query.where(Prescription.person_id == person_id)):
        yield Wanted(each.id, asked_on(each, today), each.person_id)


def asked_on(prescription: Prescription, today: date) -> date:
    """The day from which it is asked: that of its arrival; once the month is over, a day of each week, whatever was ticked before."""
    due = prescription.inform_by
    if due is None or due > today:
        return prescription.received_on
    return due + (today - due) // WEEK * WEEK
