"""The feed of a member, for whatever calendar has its address."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from app.accounts.models import User
from app.db import db
from app.followup.feeds import Words, feed, holder_of, read_feed_token
from app.followup.words import KIND_NAMES
from app.limits import limiter
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import inside

public = Blueprint("feeds", __name__)


@public.get("/agenda/<string:token>.ics")
@limiter.limit("120 per hour")
def show(token: str) -> ResponseReturnValue:
    """Permanences, activities and meetings with the network; 404 once the address was taken back or its holder has left."""
    collective_id, link_id = read_feed_token(token)
    collective = db.get_or_404(Collective, collective_id)
    with inside(collective.id):
        holder = holder_of(link_id)
        user = db.session.get(User, holder.user_id) if holder else None
        if user is None:
            abort(404)
        with force_locale(user.language.value):
            words = Words(
                _("Permanence"), _("Permanence de soutien"), _("%(what)s : %(title)s"), {kind.value: str(name) for kind, name in KIND_NAMES.items()}
            )
            made = feed(today_in(collective.time_zone), collective.name, collective.time_zone, words)
    return Response(made, mimetype="text/calendar")
