"""Photos of the network's report: brought by the head, made anew by a worker, shown, taken away."""

from uuid import UUID

from flask import Response, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete

from app.db import new_id
from app.limits import by_user, limiter
from app.network import bp
from app.network.queries import reading
from app.network.sign_views import writing
from app.pages import id_from, page
from app.reports.forms import PhotoForm
from app.reports.models import MOST_PHOTOS
from app.reports.network_photos import NetworkPhoto, network_photos
from app.reports.network_views import held, years_of
from app.reports.photo_views import CLEAN, RAW
from workers.queue import later


@bp.get("/rapports/<int:year>/photos/nouvelle")
def new_network_photo(year: int) -> ResponseReturnValue:
    """Which photo, and what is on it."""
    with reading() as session:
        if year not in years_of(session):
            abort(404)
    return page("network/new_photo.html", form=PhotoForm(formdata=None, id=str(new_id())), year=year)


@bp.post("/rapports/<int:year>/photos")
@limiter.limit("60 per hour", key_func=by_user)
def create_network_photo(year: int) -> ResponseReturnValue:
    """Keep the photo as it is; a worker makes it anew."""
    form = PhotoForm()
    photo_id, valid, fresh = id_from(form.id.data), form.validate_on_submit(), False
    with writing() as session:
        if year not in years_of(session):
            abort(404)
        known = session.get(NetworkPhoto, photo_id)
        if known is None and valid:
            # Holding the draft, so that of two who bring the last one, the second is told.
            held(session, year)
            if len(session.scalars(network_photos(year)).all()) >= MOST_PHOTOS:
                valid = False
                form.photo.errors = [_("Six photos, c’est le plus. Retirez-en une d’abord.")]
            else:
                fresh, caption = True, (form.caption.data or "").strip()
                session.add(NetworkPhoto(id=photo_id, year=year, kind=RAW, caption=caption, content=form.content))
    if known is None and not valid:
        return page("network/new_photo.html", form=form, year=year), 422
    if fresh:
        later("prepare_network_photo", photo_id)
        flash(_("La photo est ajoutée."))
    return redirect(url_for("network.show_report", year=year, _anchor="photos"))


@bp.get("/rapports/photos/<uuid:network_photo_id>")
def show_network_photo(network_photo_id: UUID) -> ResponseReturnValue:
    """The picture itself, once it was made anew."""
    with reading() as session:
        photo = session.get(NetworkPhoto, network_photo_id)
        if photo is None or photo.kind != CLEAN:
            abort(404)
        return Response(photo.content, mimetype="image/jpeg")


@bp.post("/rapports/<int:year>/photos/<uuid:network_photo_id>/retrait")
def delete_network_photo(year: int, network_photo_id: UUID) -> ResponseReturnValue:
    """Take it out of the draft; editions keep what they were published with. Twice is once."""
    with writing() as session:
        if year not in years_of(session):
            abort(404)
        session.execute(delete(NetworkPhoto).where(NetworkPhoto.id == network_photo_id, NetworkPhoto.year == year))
    flash(_("La photo est retirée du rapport."))
    return redirect(url_for("network.show_report", year=year, _anchor="photos"))
