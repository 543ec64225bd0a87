"""Photos of a report: brought, looked at again by a worker, shown, taken away."""

from uuid import UUID

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id
from app.limits import by_user, limiter
from app.pages import id_from, page
from app.reports import bp
from app.reports.drafts import draft_of
from app.reports.forms import PhotoForm
from app.reports.models import MOST_PHOTOS, Report, ReportPhoto, photos_of
from app.reports.views import counted_year
from tenants import journal
from tenants.access import may, refuse
from tenants.documents import Document
from tenants.rows import found
from tenants.scope import here
from workers.queue import later

# As it was brought; made anew without what it said of place and hour; of no use.
RAW, CLEAN, BROKEN = "report_photo_raw", "report_photo", "report_photo_broken"


@bp.get("/<int:year>/photos/nouvelle")
@may("write the report")
def new_photo(year: int) -> ResponseReturnValue:
    """Which photo, and what is on it."""
    return page("reports/new_photo.html", form=PhotoForm(formdata=None, id=str(new_id())), year=counted_year(year))


@bp.post("/<int:year>/photos")
@may("write the report")
@limiter.limit("60 per hour", key_func=by_user)
def create_photo(year: int) -> ResponseReturnValue:
    """Seal the photo as it is; a worker makes it anew."""
    form = PhotoForm()
    photo_id = id_from(form.id.data)
    counted_year(year)
    if db.session.get(ReportPhoto, (here(), photo_id)) is not None:
        return redirect(url_for("workspace.reports.show", year=year, _anchor="photos"))
    if not form.validate_on_submit():
        return page("reports/new_photo.html", form=form, year=year), 422
    draft = draft_of(year)
    if len(db.session.scalars(photos_of(draft.id)).all()) >= MOST_PHOTOS:
        form.photo.errors = [_("Six photos, c’est le plus. Retirez-en une d’abord.")]
        return page("reports/new_photo.html", form=form, year=year), 422
    document = Document(id=new_id(), kind=RAW, about_id=photo_id, filename="photo", media_type="application/octet-stream", asked_by=current_user.id)
    db.session.add(document)
    # Pieces and photo point at the document.
    db.session.flush()
    document.fill(form.content)
    db.session.add(ReportPhoto(id=photo_id, report_id=draft.id, document_id=document.id, caption=(form.caption.data or "").strip()))
    later("prepare_photo", document.id)
    flash(_("La photo est ajoutée."))
    return redirect(url_for("workspace.reports.show", year=year, _anchor="photos"))


@bp.get("/photos/<uuid:report_photo_id>")
@may("write the report")
def show_photo(report_photo_id: UUID) -> ResponseReturnValue:
    """The picture itself, once it was made anew."""
    document = found(Document, found(ReportPhoto, report_photo_id).document_id)
    if document.kind != CLEAN:
        abort(404)
    return Response(document.read(), mimetype=document.media_type)


@bp.post("/<int:year>/photos/<uuid:report_photo_id>/retrait")
@may("write the report")
def delete_photo(year: int, report_photo_id: UUID) -> ResponseReturnValue:
    """Take it out of the draft; editions keep what they were published with."""
    counted_year(year)
    photo = journal.found_or_removed(ReportPhoto, report_photo_id)
    if photo:
        if found(Report, photo.report_id).year != year:
            refuse("a photo of another year")
        # Its pieces and the photo's own row fall with the document.
        db.session.delete(found(Document, photo.document_id))
        journal.note_removal("report photo", photo.id)
    flash(_("La photo est retirée du rapport."))
    return redirect(url_for("workspace.reports.show", year=year, _anchor="photos"))
