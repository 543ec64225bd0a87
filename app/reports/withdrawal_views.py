"""The photos that everybody sees, and taking one back when someone on it no longer agrees."""

from uuid import UUID

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db
from app.limits import by_user, limiter
from app.pages import page
from app.reports import bp
from app.reports.content import checksum
from app.reports.models import Report, ReportPhoto
from app.reports.photo_views import CLEAN
from app.reports.same_pictures import elsewhere
from app.reports.withdrawals import published_photo, published_photos, withdraw
from tenants import journal
from tenants.access import may
from tenants.documents import Document
from tenants.months import today_in
from tenants.scope import here


@bp.get("/<int:year>/photos/parues")
@may("write the report")
def index_published_photos(year: int) -> ResponseReturnValue:
    """What everybody sees of a year, photo by photo."""
    photos = published_photos(db.session(), here(), year)
    also = elsewhere(db.session(), here(), [each[-1] for each in photos])
    return page("reports/published_photos.html", year=year, photos=photos, also=also)


@bp.post("/<int:year>/<int:number>/<string:name>/retrait")
@may("write the report")
@limiter.limit("60 per hour", key_func=by_user)
def create_withdrawal(year: int, number: int, name: str) -> ResponseReturnValue:
    """Take a photo back from all that was published, and from what is being prepared. Twice is once."""
    picture = published_photo(here(), year, number, name)
    drafts = _take_from_drafts(picture)
    if withdraw(db.session(), here(), picture, today_in(g.collective.time_zone)):
        journal.note("withdrew a photo", "report", drafts[year].id)
    flash(said())
    tell_elsewhere(db.session(), here(), picture)
    return redirect(url_for("workspace.reports.show", year=year, _anchor="publier"))


def said() -> str:
    """What was done, and what is left to do."""
    return _("La photo est effacée de tout ce qui est paru. Publiez une correction : le rapport aura de nouveau un PDF, sans elle.")


def tell_elsewhere(session: Session, publisher_id: UUID, picture: str) -> None:
    """Where the other side still shows the same picture: it is taken back there by whoever published it there."""
    still = [each for each in elsewhere(session, publisher_id, [picture]).get(picture, []) if each.withdrawn_on is None]
    if still:
        where = ", ".join(f"{each.name or _('le réseau')} ({each.year})" for each in still)
        flash(_("La même image paraît encore dans un autre rapport : %(where)s. Prévenez-les, elle s’y retire à part.", where=where), "warning")


def _take_from_drafts(picture: str) -> dict[int, Report]:
    # Held first: an edition that is being made either is there now, and loses the photo with the others, or is not wanted any more.
    drafts = db.session.scalars(select(Report).order_by(Report.id).with_for_update().execution_options(populate_existing=True)).all()
    for draft in drafts:
        draft.answer()
    rows = select(Document).join(ReportPhoto, ReportPhoto.document_id == Document.id).where(Document.kind == CLEAN)
    for document in db.session.scalars(rows).all():
        if checksum(document.read()) == picture:
            # Its pieces and the photo's own row fall with the document.
            db.session.delete(document)
    return {draft.year: draft for draft in drafts}
