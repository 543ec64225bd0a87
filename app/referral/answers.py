"""The page from which a resource answers, without an account. Mail filters of town halls open links: only its button answers."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.db import db
from app.limits import limiter
from app.pages import page
from app.people.models import Person
from app.referral.letters import read_answer_token
from app.referral.referral_forms import AnswerForm
from app.referral.referrals import Referral, ReferralState, whole
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import inside
from workers.queue import later

public = Blueprint("referral_answer", __name__)
ANSWERED = (ReferralState.accepted, ReferralState.refused)


def _read(token: str, lock: bool = False) -> tuple[Collective, Referral | None]:
    """The collective and its referral; None for one that nobody waits for, whatever ended it."""
    collective_id, referral_id = read_answer_token(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        query = whole().where(Referral.id == referral_id)
        referral = db.session.scalar(query.with_for_update(of=Referral) if lock else query)
        shown = referral is not None and (referral.waits or referral.state in ANSWERED)
        person = db.session.get(Person, (collective.id, referral.person_id)) if referral else None
        return collective, referral if shown and person is not None and not person.has_died else None


def _page(collective: Collective, referral: Referral, form: AnswerForm, token: str) -> str:
    # What was asked is sealed: it opens inside its collective alone.
    with inside(collective.id):
        return page("referral/answer.html", place=collective, referral=referral, form=form, token=token)


@public.get("/reponse/<string:token>")
@limiter.limit("120 per hour")
def show(token: str) -> ResponseReturnValue:
    """What is asked, and three buttons to choose from; once answered, what was answered."""
    collective, referral = _read(token)
    if referral is None:
        return page("referral/answer_over.html", place=collective), 410
    return _page(collective, referral, AnswerForm(formdata=None), token)


@public.post("/reponse/<string:token>")
@limiter.limit("30 per hour")
def create(token: str) -> ResponseReturnValue:
    """Keep the answer. A second one finds the first, and changes nothing."""
    collective, referral = _read(token, lock=True)
    if referral is None:
        return page("referral/answer_over.html", place=collective), 410
    form = AnswerForm()
    if referral.waits and not form.validate_on_submit():
        return _page(collective, referral, form, token), 422
    with inside(collective.id):
        if referral.waits and form.answer.data == "later":
            referral.answer_later()
        elif referral.waits:
            referral.answer_with(form.answer.data == "yes", form.words.data, today_in(collective.time_zone))
            later("send_referral_answer", referral.id)
    return _page(collective, referral, AnswerForm(formdata=None), token)
