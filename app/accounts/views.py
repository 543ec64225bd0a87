"""The team of a collective: who is in it, who is invited."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.accounts import team
from app.accounts.factors import waiting_removals
from app.accounts.forms import InvitationForm
from app.accounts.invitations import open_invitation, said
from app.accounts.models import Invitation, User, user_by_email, waiting_invitations
from app.db import db, new_id
from app.limits import by_user, limiter
from app.pages import id_from, page
from tenants import journal
from tenants.access import may, reads_files
from tenants.models import Membership, Role, members
from tenants.rows import found


@team.get("/")
@may("see the team")
def index() -> ResponseReturnValue:
    """Members and waiting invitations."""
    return _page(InvitationForm(id=str(new_id())))


def _page(form: InvitationForm) -> str:
    team_members = db.session.scalars(members()).all()
    ids = [each.user_id for each in team_members]
    return page(
        "accounts/team.html",
        form=form,
        members=team_members,
        last=[each.id for each in team_members if each.role == Role.coordinator],
        secured=set(db.session.scalars(select(User.id).where(User.id.in_(ids), User.second_step_since.is_not(None)))),
        removals={each.user_id: each for each in db.session.scalars(waiting_removals(*ids))},
        reads_files=reads_files,
        invitations=waiting_invitations(),
    )


@team.post("/invitations")
@may("invite")
@limiter.limit("40 per hour", key_func=by_user)
def create_invitation() -> ResponseReturnValue:
    """Invite someone into the present collective."""
    form = InvitationForm()
    if not form.validate_on_submit():
        return _page(form), 422
    user = user_by_email(form.email.data or "")
    place = db.session.scalar(members(Role(form.role.data)).where(Membership.user_id == user.id)) if user else None
    if place is not None:
        form.email.errors = [_("%(name)s fait déjà partie de l’équipe, dans ce rôle.", name=place.display_name)]
        return _page(form), 422
    flash(said(*open_invitation(id_from(form.id.data), form.email.data or "", form.role.data, current_user.id)))
    return redirect(url_for("workspace.team.index"))


@team.post("/invitations/<uuid:invitation_id>/retrait")
@may("invite")
def delete_invitation(invitation_id: UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    found(Invitation, invitation_id).withdraw()
    journal.note("withdrew", "invitation", invitation_id)
    flash(_("L’invitation est retirée."))
    return redirect(url_for("workspace.team.index"))
