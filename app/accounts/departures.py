"""Leaving a collective. Whoever leaves it without a coordination is told so first, and then may."""

from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import Select, select

from app.accounts import team
from app.accounts.models import waiting_invitations
from app.db import db
from app.pages import page
from tenants import journal, ledger
from tenants.access import may
from tenants.models import Membership, Role
from tenants.months import today_in
from tenants.rows import found


def coordinators() -> Select[Membership]:
    """The present coordination of the present collective, always in the same order: two who lock it never wait for each other."""
    return select(Membership).where(Membership.left_at.is_(None), Membership.role == Role.coordinator).order_by(Membership.id)


def count_coordinators() -> int:
    """How many present coordinators the collective has."""
    return len(db.session.scalars(coordinators()).all())


def is_last(membership: Membership, *, holding: bool = False) -> bool:
    """Whether nobody else coordinates. `holding` keeps the coordination as it is until the transaction ends: of two who leave at once
    the second hears that it is the last.
    """
    query = coordinators()
    rows = db.session.scalars(query.with_for_update().execution_options(populate_existing=True) if holding else query).all()
    return [each.id for each in rows] == [membership.id]


def is_told() -> bool:
    """Whether the form that was sent stood on a page that said that nobody will coordinate any more."""
    return bool(request.form.get("told"))


@team.get("/<uuid:membership_id>/depart")
@may("change the team")
def new_departure(membership_id: UUID) -> ResponseReturnValue:
    """Before the last coordination leaves: what that means, and who could be invited first."""
    membership = found(Membership, membership_id)
    if not is_last(membership):
        return redirect(url_for("workspace.team.index"))
    return page(
        "accounts/last_coordination.html", leaving=membership, heirs=[each for each in waiting_invitations() if each.role == Role.coordinator]
    )


@team.post("/<uuid:membership_id>/depart")
@may("change the team")
def create_departure(membership_id: UUID) -> ResponseReturnValue:
    """Someone leaves the team, oneself included. The rounds remember that they went."""
    membership = found(Membership, membership_id)
    if is_last(membership, holding=True) and not is_told():
        return redirect(url_for("workspace.team.new_departure", membership_id=membership.id))
    if membership.left_at is None:
        membership.leave()
        journal.note("left", "membership", membership.id)
        ledger.mark(today_in(g.collective.time_zone))
    if membership.user_id == current_user.id:
        flash(_("Vous avez quitté ce collectif."))
        return redirect(url_for("accounts.home"))
    flash(_("%(name)s ne fait plus partie de l’équipe.", name=membership.display_name))
    return redirect(url_for("workspace.team.index"))
