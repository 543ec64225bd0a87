"""Signing in and out, and where each of us goes first."""

from typing import Any, cast
from uuid import UUID

from flask import Response, current_app, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_required, login_user
from sqlalchemy import update

from app.accounts import bp, drafts, pending
from app.accounts.forms import SignInForm
from app.accounts.models import SignIn, User, present_sign_in, user_by_email
from app.accounts.passwords import match_nobody
from app.db import db, new_id, now, only_read
from app.limits import by_email, limiter
from app.pages import own_address, page
from tenants.models import Role, memberships_of
from tenants.scope import inside, speak_as
from tenants.workspace import workspace_url


class Places(LoginManager):
    """Flask-Login, which asks the network's address of nobody: a phone changes it between two floors, and a sign-in is ended by its row."""

    def _session_protection_failed(self) -> bool:
        return False


login_manager = Places()
login_manager.session_protection = None


@login_manager.user_loader
def load_user(cookie: str) -> User | None:
    """The user of a signed cookie, while the sign-in it names has not ended."""
    try:
        user_id, sign_in_id = (UUID(part) for part in cookie.split("."))
    except ValueError:
        return None
    # Told before it is proven, which costs nothing: without a living sign-in nobody reads what it would show.
    speak_as(user_id)
    row = present_sign_in(user_id, sign_in_id, current_app.config["SIGN_IN_IDLE"], g.get("slug"))
    if row is None:
        speak_as(None)
        return None
    user, sign_in, *g.entrance = row
    if (now() - sign_in.seen_at).total_seconds() > 3600:
        db.session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now()))
    return cast(User, only_read(user, {"sign_in": sign_in}))


@login_manager.unauthorized_handler
def unauthorized() -> ResponseReturnValue:
    """Ask to sign in again; keep what was typed."""
    try:
        if request.method == "POST" and drafts.keep(request.form, request.full_path.rstrip("?")):
            flash(_("Votre connexion était terminée. Ce que vous aviez tapé est gardé : il revient après la connexion."))
    except drafts.TooLong:
        flash(
            _(
                "Votre connexion était terminée, et ce que vous aviez tapé est trop long pour être gardé. Revenez en arrière : il y est "
                "encore. Copiez-le, puis connectez-vous et collez-le."
            ),
            "warning",
        )
    # A form goes back to the page it stood on, if that is one of ours.
    referrer = (request.referrer or "").removeprefix(request.host_url.rstrip("/"))
    target = referrer if request.method == "POST" else request.full_path.rstrip("?")
    back = own_address(target) or (f"/c/{g.slug}/" if g.get("slug") else "/")
    return redirect(url_for("accounts.new_sign_in", next=back))


def begin_sign_in(user: User) -> None:
    """Sign someone in on this device, in a session of its own: what the browser carried before is dropped."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    if language:
        session["language"] = language
    device = request.user_agent.string[:120] or "?"
    user.sign_in = SignIn(id=new_id(), user_id=user.id, device=device)
    db.session.add(user.sign_in)
    speak_as(user.id)
    login_user(user)


def admit(user: User, target: str | None) -> ResponseReturnValue:
    """After the password: the second step if this account has one, otherwise the sign-in."""
    if user.second_step_since is not None:
        pending.hold(user, target)
        return redirect(url_for("accounts.new_second_step"))
    begin_sign_in(user)
    return redirect(arrival(user, target))


def arrival(user: User, target: str | None) -> str:
    """Where someone who has just signed in goes: to what they had typed, where they wanted to go, or home."""
    return _draft_address(user) or own_address(target) or url_for("accounts.home")


@bp.get("/connexion")
def new_sign_in() -> ResponseReturnValue:
    """The form."""
    if current_user.is_authenticated:
        return redirect(own_address(request.args.get("next")) or url_for("accounts.home"))
    return page("accounts/sign_in.html", form=SignInForm(next=request.args.get("next", "")))


def _failed(response: Response) -> bool:
    return response.status_code == 422


@bp.post("/connexion")
@limiter.limit("10 per 15 minutes", key_func=by_email, deduct_when=_failed)
@limiter.limit("100 per 15 minutes", deduct_when=_failed)
def create_sign_in() -> ResponseReturnValue:
    """Sign in, or say that the two do not fit without saying which."""
    form = SignInForm()
    if form.validate_on_submit():
        user = user_by_email(form.email.data or "")
        password = form.password.data or ""
        if user is not None and user.opens_with(password):
            return admit(user, form.next.data)
        if user is None:
            match_nobody(password)
        form.password.errors = [_("Cette adresse et ce mot de passe ne vont pas ensemble.")]
    return page("accounts/sign_in.html", form=form), 422


def _draft_address(user: User) -> str | None:
    for membership, collective in db.session.execute(memberships_of(user.id)).all():
        with inside(membership.collective_id):
            draft = drafts.latest_of(user.id)
        if draft is not None:
            return workspace_url(collective.slug, "workspace.team.show_draft", draft_id=draft.id)
    return None


@bp.post("/deconnexion")
def delete_sign_in() -> ResponseReturnValue:
    """Sign out: the row ends and the session is dropped."""
    if current_user.is_authenticated:
        db.session.get_one(SignIn, current_user.sign_in.id).end()
    session.clear()
    flash(_("Votre connexion est fermée. À bientôt."))
    return redirect(url_for("accounts.new_sign_in"))


@bp.get("/")
@login_required
def home() -> ResponseReturnValue:
    """Send each of us to the page we come for."""
    if current_user.is_network:
        return redirect(url_for("network.index"))
    rows: list[Any] = list(db.session.execute(memberships_of(current_user.id)))
    if rows and all(membership.role == Role.trainer for membership, _collective in rows):
        return redirect(url_for("trainer.index"))
    if len(rows) == 1:
        return redirect(workspace_url(rows[0].Collective.slug))
    return redirect(url_for("accounts.choose_collective"))


@bp.get("/collectifs")
@login_required
def choose_collective() -> ResponseReturnValue:
    """The collectives one belongs to, to choose from."""
    return page("accounts/collectives.html", rows=db.session.execute(memberships_of(current_user.id)).all())
