"""Documents beside the sessions of the plan: added and taken away, each change a new version, as with the texts."""

import io
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from sqlalchemy.orm import undefer
from wtforms import Field, HiddenField, ValidationError

from app.db import new_id
from app.network import bp
from app.network.plan_views import next_version, session_page
from app.network.queries import reading
from app.network.sign_views import writing
from app.pages import id_from
from app.training.plan_documents import LARGEST, PDF, PlanDocument, SessionDocument


class PlanDocumentForm(FlaskForm):
    """A PDF for all collectives."""

    id = HiddenField()
    document = FileField(
        _l("Un PDF de 10 Mo au plus"),
        [FileRequired(_l("Choisissez un fichier."))],
        description=_l("Tous les collectifs le lisent : aucun nom, aucune photo d’une personne."),
        render_kw={"accept": "application/pdf"},
    )

    def validate_document(self, field: Field) -> None:
        """A PDF by its first bytes, whatever its name says."""
        self.content = field.data.read(LARGEST + 1)
        if not self.content.startswith(PDF):
            raise ValidationError(_("Ce fichier n’est pas un PDF : tout le monde doit pouvoir l’ouvrir et l’imprimer."))
        if len(self.content) > LARGEST:
            raise ValidationError(_("Ce fichier dépasse 10 Mo."))


def new_document_form() -> Any:
    """An empty form, for the page of a session."""
    return PlanDocumentForm(formdata=None, id=str(new_id()))


@bp.post("/parcours/seances/<int:position>/documents")
def create_plan_document(position: int) -> ResponseReturnValue:
    """Add a document to a session of the plan."""
    form = PlanDocumentForm()
    if not form.validate_on_submit():
        return session_page(position, upload=form), 422
    document_id = id_from(form.id.data)
    with writing() as session:
        following = next_version(session, document_id)
        if following is not None:
            document = PlanDocument(id=document_id, filename=_name(form.document.data.filename), size=len(form.content), content=form.content)
            session.add(document)
            # The link points at it.
            session.flush()
            session.add(SessionDocument(plan_id=following.id, position=position, document_id=document.id))
    flash(_("Le document est ajouté, dans une nouvelle version du parcours."))
    return redirect(url_for("network.edit_session_plan", position=position))


def _name(text: str) -> str:
    kept = "".join(each for each in text.replace("\\", "/").rpartition("/")[2] if each.isprintable() and each not in '"<>')
    return (kept.removesuffix(".pdf").removesuffix(".PDF")[:110].strip() or "document") + ".pdf"


@bp.post("/parcours/seances/<int:position>/documents/<uuid:plan_document_id>/retrait")
def delete_plan_document(position: int, plan_document_id: UUID) -> ResponseReturnValue:
    """Leave a document out from the next version on; courses that began keep it."""
    with writing() as session:
        next_version(session, new_id(), leave_out=(position, plan_document_id))
    flash(_("Le document n’est plus dans le plan. Les parcours commencés le gardent."))
    return redirect(url_for("network.edit_session_plan", position=position))


@bp.get("/parcours/documents/<uuid:plan_document_id>")
def show_plan_document(plan_document_id: UUID) -> ResponseReturnValue:
    """The file itself."""
    with reading() as session:
        document = session.get(PlanDocument, plan_document_id, options=[undefer(PlanDocument.content)]) or abort(404)
    return send_file(io.BytesIO(document.content), "application/pdf", as_attachment=True, download_name=document.filename)
