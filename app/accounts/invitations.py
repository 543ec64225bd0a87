"""Joining a collective from the link of an invitation."""

from uuid import UUID

import sqlalchemy as sa
from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.accounts import bp
from app.accounts.departures import is_last, is_told
from app.accounts.forms import ROLE_NAMES, JoinForm, JoinKnownForm, JoinSignedInForm
from app.accounts.models import Invitation, User, user_by_email, waiting_for
from app.accounts.sign_in import admit, begin_sign_in
from app.accounts.tokens import read_invitation
from app.db import db, new_id, now
from app.limits import limiter
from app.pages import page
from tenants import journal, ledger
from tenants.models import Collective, Membership, Role
from tenants.months import today_in
from tenants.scope import here, inside
from tenants.workspace import workspace_url
from workers.queue import later

TURN = sa.text("select pg_advisory_xact_lock(hashtext('invite ' || :address))")


def _read(token: str) -> tuple[Collective, Invitation | None]:
    collective_id, invitation_id = read_invitation(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        return collective, db.session.get(Invitation, (collective.id, invitation_id))


def _form_for(invitation: Invitation) -> JoinForm | JoinKnownForm | JoinSignedInForm:
    user = user_by_email(invitation.email)
    if user is None:
        return JoinForm()
    return JoinSignedInForm() if current_user.is_authenticated and current_user.id == user.id else JoinKnownForm()


def _leaves_nobody(collective: Collective, invitation: Invitation, *, holding: bool = False) -> bool:
    """Whether whoever accepts it would be the last coordination of the collective and no longer coordinate."""
    user = user_by_email(invitation.email)
    if user is None or invitation.role == Role.coordinator:
        return False
    with inside(collective.id):
        membership = db.session.scalar(select(Membership).where(Membership.user_id == user.id, Membership.left_at.is_(None)))
        return membership is not None and is_last(membership, holding=holding)


def _page(collective: Collective, invitation: Invitation, form: JoinForm | JoinKnownForm | JoinSignedInForm, token: str, *, last: bool) -> str:
    return page("accounts/join.html", form=form, invitation=invitation, collective=collective, token=token, last=last)


@bp.get("/invitation/<string:token>")
def show_invitation(token: str) -> ResponseReturnValue:
    """Who invites, into what, as what; and a button."""
    collective, invitation = _read(token)
    if invitation is None or not invitation.waits:
        return page("accounts/link_over.html", what="invitation"), 410
    return _page(collective, invitation, _form_for(invitation), token, last=_leaves_nobody(collective, invitation))


@bp.post("/invitation/<string:token>")
@limiter.limit("30 per hour")
def accept_invitation(token: str) -> ResponseReturnValue:
    """Join, with a new account or the one of this address."""
    collective, invitation = _read(token)
    if invitation is not None and invitation.accepted_at is not None and current_user.is_authenticated:
        return redirect(workspace_url(collective.slug))
    if invitation is None or not invitation.waits:
        return page("accounts/link_over.html", what="invitation"), 410
    form = _form_for(invitation)
    user = user_by_email(invitation.email)
    last = _leaves_nobody(collective, invitation, holding=True)
    if last and not is_told():
        return _page(collective, invitation, form, token, last=last), 409
    if form.validate_on_submit():
        if isinstance(form, JoinForm):
            user = User(id=new_id(), email=invitation.email, name=(form.name.data or "").strip(), password=form.password.data or "")
            db.session.add(user)
            # The membership's foreign key needs the user's row.
            db.session.flush()
        if user is not None and (not isinstance(form, JoinKnownForm) or user.opens_with(form.password.data or "")):
            join(collective, invitation, user)
            target = workspace_url(collective.slug)
            if isinstance(form, JoinKnownForm):
                answer = admit(user, target)
            else:
                begin_sign_in(user)
                answer = redirect(target)
            flash(_("Bienvenue dans le collectif %(name)s.", name=collective.name))
            return answer
        if isinstance(form, JoinKnownForm):
            form.password.errors = [_("Ce n’est pas le mot de passe de cette adresse.")]
    return _page(collective, invitation, form, token, last=last), 422


def join(collective: Collective, invitation: Invitation, user: User) -> None:
    """Make the invited user a member, or give a former member their place back in the new role."""
    with inside(collective.id):
        membership = db.session.scalar(select(Membership).where(Membership.user_id == user.id))
        if membership is None:
            membership = Membership(user_id=user.id, role=invitation.role, display_name=user.name)
            db.session.add(membership)
        membership.role, membership.left_at = invitation.role, None
        invitation.accepted_at = now()
        journal.note("joined", "membership", membership.id)
        ledger.mark(today_in(collective.time_zone))


def open_invitation(invitation_id: UUID, email: str, role: str, by: UUID | None) -> tuple[Invitation, bool]:
    """Offer a place in the present collective and stage its mail. An address has one invitation that waits: a second form renews it.

    Returns the invitation, and whether one that waited already leaves again. An id that is known answers with its row.
    """
    email = email.strip().lower()
    # Of two who invite the same address at once, the second finds what the first has written.
    db.session.execute(TURN, {"address": f"{here()} {email}"})
    known = db.session.get(Invitation, (here(), invitation_id))
    if known is not None:
        return known, False
    invitation = db.session.scalar(waiting_for(email))
    again = invitation is not None
    if invitation is None:
        invitation = Invitation(id=invitation_id, email=email, role=Role(role), invited_by=by)
        db.session.add(invitation)
    elif invitation.role == role and invitation.left_lately:
        return invitation, False
    else:
        invitation.renew(Role(role), by)
    journal.note("invited", "invitation", invitation.id)
    later("send_invitation", invitation.id)
    return invitation, again


def said(invitation: Invitation, again: bool) -> str:
    """What whoever has invited reads."""
    if again:
        role = ROLE_NAMES[invitation.role]
        return _(
            "Une invitation attendait déjà %(email)s. Elle repart (%(role)s) et vaut de nouveau quatorze jours.", email=invitation.email, role=role
        )
    return _("L’invitation part à %(email)s. Elle vaut quatorze jours.", email=invitation.email)
