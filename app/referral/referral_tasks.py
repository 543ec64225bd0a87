"""What waits because of a referral: a call to make, an answer that does not come, another place to find, a visit to tell of."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.db import db
from app.languages import of
from app.people.home_meetings import local_day
from app.people.models import OPEN_STAGES, Person
from app.people.pairs import Pair
from app.people.tasks import Desk, Said, Task, Wanted, asks
from app.referral.referrals import EXPIRES_AFTER, REMINDED_AFTER, Referral, ReferralState, Way
from tenants.models import Collective
from tenants.scope import here

# Where no day was agreed, a visit is asked after a week later.
VISITED_AFTER = timedelta(days=7)


def _referrals(person_id: UUID | None, *conditions: sa.ColumnElement[bool]) -> Select[Referral]:
    """Referrals of people whom the collective accompanies: of all, or of the one."""
    open_ones = select(Person.id).where(Person.stage.in_(OPEN_STAGES))
    open_ones = open_ones if person_id is None else open_ones.where(Person.id == person_id)
    return select(Referral).where(Referral.person_id.in_(open_ones), *conditions)


def _wanted(referral: Referral, on: date, paired: set[UUID]) -> Wanted:
    return Wanted(referral.id, on, referral.person_id, Desk.pair if referral.person_id in paired else Desk.coordination)


def _paired() -> set[UUID]:
    return set(db.session.scalars(select(Pair.person_id).where(Pair.ended_on.is_(None))))


def _since(referral: Referral) -> date:
    """The local date from which an answer is waited for."""
    zone = db.session.get_one(Collective, here()).time_zone
    return local_day(referral.waiting_since or referral.opened_at, zone)


def _address(task: Task) -> str:
    return url_for("workspace.referral.show_referral", referral_id=task.subject_id)


def say_call(task: Task, name: str) -> Said:
    """The resource has no mail, or is better called."""
    return Said(_("Appeler un lieu pour %(name)s", name=name), _("La demande se fait par téléphone."), _address(task), _("Noter la réponse"))


@asks("referral_call", say_call, "phone")
def to_call(_today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Referrals by phone that have no answer yet."""
    paired = _paired()
    for each in db.session.scalars(_referrals(person_id, Referral.state == ReferralState.sent, Referral.way == Way.phone)):
        yield _wanted(each, each.sent_on or _since(each), paired)


def say_silence(task: Task, name: str) -> Said:
    """Ten days without a word."""
    why = _("Dix jours sans réponse. Un rappel est parti ; un coup de fil aide souvent.")
    return Said(_("Prendre des nouvelles d’une orientation %(of_name)s", of_name=of(name)), why, _address(task), _("Ouvrir l’orientation"))


@asks("referral_silent", say_silence, "clock")
def without_an_answer(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Mails that nobody has answered for ten days."""
    paired = _paired()
    for each in db.session.scalars(_referrals(person_id, Referral.state == ReferralState.sent, Referral.way == Way.mail)):
        if _since(each) + REMINDED_AFTER <= today:
            yield _wanted(each, _since(each) + REMINDED_AFTER, paired)


def say_over(task: Task, name: str) -> Said:
    """Nobody waits for this resource any longer."""
    why = _("Le lieu demandé n’a pas répondu en trente jours, ou a dit non.")
    return Said(_("Chercher un autre lieu pour %(name)s", name=name), why, url_for("workspace.referral.choose_resource", person_id=task.person_id), _("Chercher"))  # fmt: skip  # noqa: E501  # one sentence


@asks("referral_over", say_over, "sign")
def to_find_another(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """People whose latest referral was refused or not answered within the month."""
    latest: dict[UUID, Referral] = {}
    for each in db.session.scalars(_referrals(person_id, Referral.state != ReferralState.draft).order_by(Referral.opened_at)):
        latest[each.person_id] = each
    paired = _paired()
    for each in latest.values():
        ended = {ReferralState.expired: each.ended_on, ReferralState.refused: each.answered_on}.get(each.state)
        if ended is not None and today - ended <= EXPIRES_AFTER:
            yield _wanted(each, ended, paired)


def say_visit(task: Task, name: str) -> Said:
    """An acceptance whose outcome nobody has told."""
    why = _("Le lieu a dit oui. La personne y est-elle allée, et avec qui ?")
    return Said(_("Raconter la suite pour %(name)s", name=name), why, _address(task), _("Raconter"))


@asks("referral_visit", say_visit, "heart")
def to_tell_of(today: date, person_id: UUID | None) -> Iterator[Wanted]:
    """Acceptances whose day has passed."""
    paired = _paired()
    for each in db.session.scalars(_referrals(person_id, Referral.state == ReferralState.accepted, Referral.outcome.is_(None))):
        on = each.goes_on or (each.answered_on or today) + VISITED_AFTER
        if on < today:
            yield _wanted(each, on, paired)
