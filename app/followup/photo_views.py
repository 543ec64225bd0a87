"""Photos of an activity: brought, shown, taken away."""

from uuid import UUID

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id
from app.followup import bp
from app.followup.activities import Activity
from app.followup.activity_forms import PhotoForm
from app.followup.photos import MADE, ActivityPhoto, PhotoState, bring, forget
from app.pages import id_from, page
from tenants import journal
from tenants.access import may, refuse
from tenants.documents import Document
from tenants.rows import found
from tenants.scope import here
from workers.queue import later


@bp.get("/activites/<uuid:activity_id>/photos/nouvelle")
@may("run an activity")
def new_photo(activity_id: UUID) -> ResponseReturnValue:
    """Which photo, what is on it, who agreed."""
    return page("followup/photo.html", form=PhotoForm(formdata=None, id=str(new_id())), activity=found(Activity, activity_id))


@bp.post("/activites/<uuid:activity_id>/photos")
@may("run an activity")
def create_photo(activity_id: UUID) -> ResponseReturnValue:
    """Keep it; a worker makes it anew before anyone sees it."""
    activity, form = found(Activity, activity_id), PhotoForm()
    if not form.validate_on_submit():
        return page("followup/photo.html", form=form, activity=activity), 422
    photo_id = id_from(form.id.data)
    if db.session.get(ActivityPhoto, (here(), photo_id)) is None:
        later("make_photo", bring(activity, photo_id, form.content, form.consent.data, form.caption.data).id)
        flash(_("La photo est bien arrivée. Elle apparaît dans quelques secondes."))
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))


def _own(activity_id: UUID, photo_id: UUID) -> ActivityPhoto:
    photo = found(ActivityPhoto, photo_id)
    if photo.activity_id != found(Activity, activity_id).id:
        refuse("a photo of another activity")
    return photo


@bp.get("/activites/<uuid:activity_id>/photos/<uuid:photo_id>")
@may("see the follow-up")
def show_photo(activity_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """The picture itself, once it was made anew."""
    photo = _own(activity_id, photo_id)
    if photo.state != PhotoState.ready:
        abort(404)
    document = db.session.get_one(Document, (here(), photo.document_id))
    return Response(document.read(), mimetype=MADE, headers={"Cache-Control": "private, max-age=600"})


@bp.post("/activites/<uuid:activity_id>/photos/<uuid:photo_id>/retrait")
@may("run an activity")
def delete_photo(activity_id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Someone on it no longer agrees: it goes, and every byte of it."""
    if journal.found_or_removed(ActivityPhoto, photo_id):
        forget(_own(activity_id, photo_id))
    flash(_("La photo est effacée."))
    return redirect(url_for("workspace.followup.show_activity", activity_id=found(Activity, activity_id).id))
