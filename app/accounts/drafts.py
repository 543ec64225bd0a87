"""What was typed when a session ended: kept sealed for its author until the next sign-in."""

import json
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask import abort, flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError
from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, SelectMultipleField
from wtforms.fields.core import UnboundField

from app.accounts import gate, team
from app.db import Instant, Model, db, new_id, now
from app.errors import token_lost
from app.pages import FRAGMENT, page
from app.transaction import transaction
from tenants import journal, workspace
from tenants.access import may
from tenants.keys import Sealed
from tenants.models import membership_in
from tenants.rows import Tenanted, found
from tenants.scope import inside, place, speak_as

# In characters: two thousand lines of numbers with words beside them are some 200,000 (outreach/numbers.py), and a form that we read at all
# (MAX_FORM_MEMORY_SIZE) holds little more than what is kept.
LONGEST = 1024 * 1024
KEPT = timedelta(days=7)
# Of one author in one collective. An address may be asked in as many ways as one likes, and each would be a page.
AT_ONCE = 10
UNSAID = {"csrf_token", "password"}
# What is chosen or carried along has a value in the words of the code.
CHOSEN = (HiddenField, RadioField, SelectMultipleField)


class TooLong(ValueError):
    """Raised for what someone typed that is more than is kept: it is to be said, or they would look for it."""


class Draft(Tenanted, Model):
    """A form that could not be taken because its author's sign-in had ended."""

    __tablename__ = "drafts"
    __table_args__ = (sa.UniqueConstraint("collective_id", "user_id", "path"),)

    user_id: Mapped[UUID]
    path: Mapped[str] = mapped_column(sa.String(300))
    fields_sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    kept_at: Mapped[Instant]
    fields = Sealed()

    def typed(self) -> list[tuple[str, str]]:
        """The fields in their order, as pairs of name and text."""
        return [(name, text) for name, text in json.loads(self.fields or "[]")]


def author_of_cookie() -> UUID | None:
    """Who the signed cookie says we are, even if that sign-in has ended."""
    try:
        return UUID(session.get("_user_id", "").split(".")[0])
    except ValueError:
        return None


def keep(form: MultiDict[str, str], path: str) -> UUID | None:
    """Keep a form for the author of the cookie, if they belong to the collective of the address. One draft per page, and the latest ones alone.

    Returns the draft's id; None for who has nothing to be kept here. Raises TooLong.
    """
    user_id = author_of_cookie()
    slug = g.get("slug")
    text = json.dumps([(name, value) for name, value in form.items(multi=True) if name not in UNSAID], ensure_ascii=False)
    if user_id is None or slug is None or len(path) > 300:
        return None
    speak_as(user_id)
    row = db.session.execute(membership_in(slug, user_id)).one_or_none()
    draft_id = new_id()
    if row is not None and len(text) > LONGEST:
        speak_as(None)
        raise TooLong(f"{len(text)} characters")
    if row is not None:
        with inside(row.Collective.id), transaction():
            latest = select(Draft.id).where(Draft.user_id == user_id, Draft.path != path).order_by(Draft.kept_at.desc()).limit(AT_ONCE - 1)
            db.session.execute(delete(Draft).where(Draft.user_id == user_id, Draft.id.not_in(latest)))
            db.session.add(Draft(id=draft_id, user_id=user_id, path=path, fields=text))
        if any(each.filename for each in request.files.values()):
            flash(_("Le fichier que vous aviez choisi n’est pas gardé : il sera à choisir de nouveau."), "warning")
    speak_as(None)
    return draft_id if row is not None else None


@workspace.bp.errorhandler(CSRFError)
def token_of_a_former_session(error: CSRFError) -> ResponseReturnValue:
    """Signed in anew in another tab, one sends the form of the first: it is kept and shown again, to be sent with the present token.

    Only what our own page sent is kept, so that no other house can put words into anybody's mouth. A script that asked
    for a fragment hears of it and sends again by itself.
    """
    ours = request.headers.get("Origin") == request.host_url.rstrip("/") and FRAGMENT not in request.headers
    try:
        draft_id = keep(request.form, request.full_path.rstrip("?")) if ours and current_user.is_authenticated else None
    except TooLong:
        # What is answered then says where it still is.
        draft_id = None
    return token_lost(error) if draft_id is None else redirect(url_for("workspace.team.show_draft", draft_id=draft_id))


def labels_of(names: set[str]) -> dict[str, str]:
    """How the form that has these fields calls those into which one types, by name."""
    kinds: list[type[FlaskForm]] = [FlaskForm]
    for kind in kinds:
        kinds += kind.__subclasses__()
    best = vars(max(kinds, key=lambda kind: len(names & vars(kind).keys())))
    fields = {name: best[name] for name in names & best.keys() if isinstance(best[name], UnboundField) and best[name].args}
    return {name: str(field.args[0]) for name, field in fields.items() if not issubclass(field.field_class, CHOSEN)}


def latest_of(user_id: UUID) -> Draft | None:
    """The latest draft of someone in the present collective."""
    return db.session.scalar(select(Draft).where(Draft.user_id == user_id).order_by(Draft.kept_at.desc()).limit(1))


def forget_old() -> None:
    """Delete the present collective's drafts of more than seven days."""
    db.session.execute(delete(Draft).where(Draft.kept_at < now() - KEPT))


def finish(draft_id: UUID) -> None:
    """Delete a draft of one's own, taken up or thrown away."""
    db.session.execute(delete(Draft).where(Draft.id == draft_id, Draft.user_id == place().user_id))


def _own(draft_id: UUID) -> Draft:
    draft = found(Draft, draft_id)
    if draft.user_id != current_user.id:
        abort(404)
    return draft


@team.get("/reprise/<uuid:draft_id>")
@may("take up what was typed")
def show_draft(draft_id: UUID) -> ResponseReturnValue:
    """What was typed, ready to be sent again."""
    draft = _own(draft_id)
    typed = draft.typed()
    return page("accounts/draft.html", draft=draft, typed=typed, labels=labels_of({name for name, _text in typed}))


@team.post("/reprise/<uuid:draft_id>/oubli")
@may("take up what was typed")
def delete_draft(draft_id: UUID) -> ResponseReturnValue:
    """Throw it away."""
    if journal.found_or_removed(Draft, draft_id):
        finish(_own(draft_id).id)
        journal.note_removal("draft", draft_id)
    flash(_("C’est effacé."))
    return redirect(url_for("workspace.desk.index"))


@workspace.bp.before_request
def take_up() -> None:
    """A form that carries the id of one's draft takes it up: it is deleted in the transaction of what it becomes."""
    carried = request.form.get("draft_id") if request.method == "POST" else None
    if not carried:
        return
    try:
        draft_id = UUID(carried)
    except ValueError:
        return
    # Where the gate sends the form elsewhere, it has become nothing yet.
    if not gate.closed():
        finish(draft_id)
