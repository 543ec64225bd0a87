"""A lost second step: the coordination or the head asks, the account is told at once and may say no, a day later it is done."""

from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import bp, team
from app.accounts.factors import WAITING_TIME, FactorRemoval, forget_second_step, waiting_removals
from app.accounts.forms import RemovalForm
from app.accounts.models import User
from app.accounts.tokens import read_removal
from app.db import db, new_id, now
from app.languages import written_date
from app.limits import by_user, limiter
from app.pages import page
from tenants import journal
from tenants.access import may
from tenants.models import Membership, memberships_of
from tenants.rows import found
from tenants.scope import inside, place, speak_as
from workers.queue import later


def ask_removal(user: User, by: UUID) -> FactorRemoval:
    """Begin the waiting time and stage the mail. One that waits already answers for both."""
    known = db.session.scalar(waiting_removals(user.id).limit(1))
    if known is not None:
        return known
    removal = FactorRemoval(id=new_id(), user_id=user.id, requested_by=by, due_at=now() + WAITING_TIME)
    db.session.add(removal)
    later("send_removal", removal.id)
    return removal


def note_everywhere(user_id: UUID, act: str, by: UUID | None) -> None:
    """A line in the journal of each collective an account belongs to. From outside of all of them."""
    before = place().user_id
    speak_as(user_id)
    rows = list(db.session.execute(memberships_of(user_id)))
    speak_as(by)
    for membership, collective in rows:
        with inside(collective.id):
            journal.note(act, "membership", membership.id)
    speak_as(before)


def remove_due() -> None:
    """Do every removal whose waiting time is over."""
    due = waiting_removals_due()
    for removal in due:
        forget_second_step(db.session.get_one(User, removal.user_id))
        removal.done_at = now()
        note_everywhere(removal.user_id, "removed second step", removal.requested_by)
        later("send_removed", removal.id)


def waiting_removals_due() -> list[FactorRemoval]:
    """Removals whose time has come, locked; one that another worker holds is left to it."""
    waiting = FactorRemoval.cancelled_at.is_(None) & FactorRemoval.done_at.is_(None) & (FactorRemoval.due_at <= now())
    return list(db.session.scalars(db.select(FactorRemoval).where(waiting).with_for_update(skip_locked=True)))


def said(removal: FactorRemoval) -> str:
    """What is told to whoever asked."""
    return _(
        "C’est demandé. Un message part tout de suite à cette personne. Sans refus de sa part, la deuxième étape sera retirée le %(day)s.",
        day=written_date(removal.due_at.date(), "d MMMM"),
    )


@team.post("/<uuid:membership_id>/deuxieme-etape")
@may("change the team")
@limiter.limit("20 per hour", key_func=by_user)
def create_removal(membership_id: UUID) -> ResponseReturnValue:
    """Ask for the removal of a member's lost second step."""
    membership = found(Membership, membership_id)
    if membership.left_at is not None:
        abort(404)
    user = db.session.get_one(User, membership.user_id)
    if user.id == current_user.id:
        flash(_("Pour vous-même, passez par Mon compte."), "warning")
    elif user.second_step_since is None:
        flash(_("Cette personne n’a pas de deuxième étape."), "warning")
    else:
        flash(said(ask_removal(user, current_user.id)))
        journal.note("asked to remove second step", "membership", membership.id)
    return redirect(url_for("workspace.team.index"))


@bp.get("/deuxieme-etape/<string:token>")
def show_removal(token: str) -> ResponseReturnValue:
    """A page with a button: the mail filters of town halls click on links."""
    removal = db.get_or_404(FactorRemoval, read_removal(token))
    if not removal.waits:
        return page("accounts/link_over.html", what="removal", cancelled=removal.cancelled_at is not None), 410
    return page("accounts/removal.html", form=RemovalForm(), removal=removal)


@bp.post("/deuxieme-etape/<string:token>")
@limiter.limit("30 per hour")
def cancel_removal(token: str) -> ResponseReturnValue:
    """Keep the second step."""
    removal = db.session.get(FactorRemoval, read_removal(token), with_for_update=True) or abort(404)
    if removal.done_at is not None:
        return page("accounts/link_over.html", what="removal", cancelled=False), 410
    if removal.waits:
        removal.cancel()
        note_everywhere(removal.user_id, "kept second step", removal.user_id)
    return page("accounts/link_over.html", what="removal", cancelled=True)
