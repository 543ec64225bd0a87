"""The head takes a published photo back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app.db import db
from app.limits import by_user, limiter
from app.network import bp
from app.network.sign_views import writing
from app.pages import page
from app.reports.content import checksum
from app.reports.models import NETWORK, NetworkReport
from app.reports.network_photos import NetworkPhoto
from app.reports.photo_views import CLEAN
from app.reports.same_pictures import elsewhere
from app.reports.withdrawal_views import said, tell_elsewhere
from app.reports.withdrawals import published_photo, published_photos, withdraw
from tenants.months import today_in


@bp.get("/rapports/<int:year>/photos/parues")
def index_published_photos(year: int) -> ResponseReturnValue:
    """What everybody sees of a year, photo by photo."""
    photos = published_photos(db.session(), NETWORK, year)
    also = elsewhere(db.session(), NETWORK, [each[-1] for each in photos])
    return page("network/published_photos.html", year=year, photos=photos, also=also)


@bp.post("/rapports/<int:year>/<int:number>/<string:name>/retrait")
@limiter.limit("60 per hour", key_func=by_user)
def create_withdrawal(year: int, number: int, name: str) -> ResponseReturnValue:
    """Take a photo back from all that was published, and from what is being prepared. Twice is once."""
    picture = published_photo(NETWORK, year, number, name)
    with writing() as session:
        # Held first, as for a collective's (withdrawal_views.py).
        for draft in session.scalars(select(NetworkReport).order_by(NetworkReport.year).with_for_update()):
            draft.answer()
        for photo in session.scalars(select(NetworkPhoto).where(NetworkPhoto.kind == CLEAN)).all():
            if checksum(photo.content or b"") == picture:
                session.delete(photo)
        withdraw(session, NETWORK, picture, today_in("Europe/Paris"))
    flash(said())
    tell_elsewhere(db.session(), NETWORK, picture)
    return redirect(url_for("network.show_report", year=year, _anchor="publier"))
