"""What partners see, without an account: the form behind their link, the receipt, and four plain words behind a code.

Nothing here reads the people of the collective: what is answered, and how long it takes, is the same whoever is reported.
"""

from datetime import timedelta
from uuid import UUID

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.db import db, new_id, now
from app.limits import limiter
from app.pages import id_from, page
from app.referral.follow_up import mark_of, typed, written
from app.referral.partners import Partner, read_partner
from app.referral.prescription_forms import PrescriptionForm
from app.referral.prescription_words import ANSWER_NAMES, ANSWER_SENTENCES
from app.referral.prescriptions import Answer, Prescription, by_mark
from tenants.keys import has_key
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import inside
from workers.queue import later

bp = Blueprint("partner_link", __name__)
# A receipt is for whoever has just written. Later the code is enough, and an address left in a browser shows nothing more.
RECEIPT_LASTS = timedelta(hours=12)


def by_link() -> str:
    """One partner's link, from wherever it is used."""
    return f"link:{(request.view_args or {}).get('token', '')[-60:]}"


def _read(token: str) -> tuple[Collective, Partner | None]:
    collective_id, partner_id, link = read_partner(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        partner = db.session.get(Partner, (collective.id, partner_id)) if has_key() else None
        return collective, partner if partner is not None and partner.link == link else None


def _over(collective: Collective) -> ResponseReturnValue:
    return page("referral/partner_link_over.html", place=collective), 410


@bp.get("/prescrire/<string:token>")
@limiter.limit("120 per hour")
def new(token: str) -> ResponseReturnValue:
    """Whom, how to reach them, what was noticed, whether they know."""
    collective, partner = _read(token)
    if partner is None:
        return _over(collective)
    return _form_page(collective, partner, PrescriptionForm(formdata=None, id=str(new_id())))


def _form_page(collective: Collective, partner: Partner, form: PrescriptionForm) -> str:
    with inside(collective.id):
        return page("referral/prescribe.html", place=collective, partner=partner, form=form)


@bp.post("/prescrire/<string:token>")
@limiter.limit("20 per hour")
@limiter.limit("60 per day", key_func=by_link)
def create(token: str) -> ResponseReturnValue:
    """Take it in, and lead to the receipt. Sent twice it counts once, and leads to the same receipt."""
    collective, partner = _read(token)
    if partner is None:
        return _over(collective)
    form = PrescriptionForm()
    if not form.validate_on_submit():
        return _form_page(collective, partner, form), 422
    with inside(collective.id):
        prescription_id = id_from(form.id.data)
        known = db.session.get(Prescription, (collective.id, prescription_id))
        if known is None:
            Prescription.receive(partner, prescription_id, form.texts(), form.said, today_in(collective.time_zone))
            later("send_prescription_notice", prescription_id)
    return redirect(url_for("partner_link.show", token=token, prescription_id=prescription_id))


@bp.get("/prescrire/<string:token>/recu/<uuid:prescription_id>")
@limiter.limit("120 per hour")
def show(token: str, prescription_id: UUID) -> ResponseReturnValue:
    """The receipt, to print or to copy: the day and the code, and nobody's name. Later it leads to the page of codes."""
    collective, partner = _read(token)
    if partner is None:
        return _over(collective)
    with inside(collective.id):
        prescription = db.session.get(Prescription, (collective.id, prescription_id))
        if prescription is None or prescription.partner_id != partner.id:
            abort(404)
        if prescription.received_at < now() - RECEIPT_LASTS:
            return redirect(url_for("partner_link.new_follow_up"))
        code = written(collective.short_code, prescription.code)
        again = url_for("partner_link.new", token=token)
        return page("referral/receipt.html", place=collective, code=code, day=prescription.received_on, knows=prescription.knows, again=again)


@bp.get("/suivi")
@limiter.limit("120 per hour")
def new_follow_up() -> ResponseReturnValue:
    """A code from a receipt."""
    return page("referral/follow_up.html", code="", answer=None, wrong=False, names=ANSWER_NAMES, sentences=ANSWER_SENTENCES)


@bp.post("/suivi")
@limiter.limit("20 per hour")
def create_follow_up() -> ResponseReturnValue:
    """One of four words. Every wrong code gets the same answer, whatever is wrong with it."""
    text = request.form.get("follow_up", "")
    answer = _answer_to(text)
    shown = {"code": text[:40], "answer": answer, "wrong": answer is None, "names": ANSWER_NAMES, "sentences": ANSWER_SENTENCES}
    return page("referral/follow_up.html", **shown), 200 if answer else 422


def _answer_to(text: str) -> Answer | None:
    short_code, code = typed(text)
    collective = db.session.scalar(select(Collective).where(Collective.short_code == short_code))
    if collective is None:
        return None
    with inside(collective.id):
        prescription = db.session.scalar(by_mark(mark_of(code))) if has_key() else None
        return prescription.answer if prescription is not None else None
