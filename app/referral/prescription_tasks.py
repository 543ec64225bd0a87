"""What prescriptions ask of the coordination, one gesture at a time: first the person is told, then it is decided."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from app.db import db
from app.languages import written_date
from app.people.story import Waiting, waits
from app.people.tasks import Said, Task, Wanted, asks, settle_kind
from app.referral.prescriptions import Prescription, undecided, uninformed
from tenants.questions import Question
from tenants.rows import found


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
        task, _("Répondre à un partenaire, pour %(name)s", name=whom), _("La personne le sait. Il reste à décider de la suite."), _("Lire et décider")
    )


@asks("prescription", say_decide, "mail", of_people=False)
def waits_for_a_decision(_today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Prescriptions whose person knows, and that nobody has decided."""
    for each in db.session.scalars(undecided()):
        if each.is_told:
            yield Wanted(each.id, each.received_on)


def _title(whom: str) -> str:
    return _("Dire à %(name)s qu’un partenaire nous a écrit à son sujet", name=whom)


def say_inform(task: Task, name: str) -> Said:
    """A month to tell someone that they were reported."""
    prescription = found(Prescription, task.subject_id)
    day = written_date(prescription.inform_by or prescription.received_on, "d MMMM")
    title = _title(name or prescription.whom or "")
    return _said(task, title, _("C’est son droit de le savoir avant le %(day)s.", day=day), _("Ouvrir la prescription"))


def within_the_month(today: date) -> Select[Prescription]:
    """Those whose person is still to be told, and whose month runs."""
    return uninformed().where(Prescription.inform_by >= today)


@asks("inform", say_inform, "clock", of_people=False)
def waits_for_a_word(today: date, _person_id: UUID | None) -> Iterator[Wanted]:
    """Undecided prescriptions whose person is still to be told."""
    for each in db.session.scalars(within_the_month(today).where(Prescription.decision.is_(None))):
        yield Wanted(each.id, each.received_on)


@asks("inform_known", say_inform, "clock")
def known_and_not_told(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """The same for those who have a file, so that their death ends it at once."""
    query = within_the_month(today).where(Prescription.person_id.is_not(None))
    for each in db.session.scalars(query if person_id is None else query.where(Prescription.person_id == person_id)):
        yield Wanted(each.id, each.received_on, each.person_id)


LATE = Question(uninformed().where(Prescription.inform_by < sa.bindparam("day", required=True)))


@waits
def month_is_over(today: date) -> list[Waiting]:
    """Those whose month passed without a word. No task: it can neither be ticked nor put off, only done."""
    return [_late(each, each.inform_by) for each in LATE.ask(day=today) if each.inform_by]


def _late(prescription: Prescription, due: date) -> Waiting:
    why = _("Le mois est passé depuis le %(day)s.", day=written_date(due, "d MMMM"))
    where = url_for("workspace.referral.show_prescription", prescription_id=prescription.id)
    return Waiting(due, _title(prescription.whom or ""), why, where, _("Ouvrir la prescription"), "clock")
