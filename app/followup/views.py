"""The room at a glance: the next permanence, what is planned together, the next meeting with the network."""

from uuid import UUID

from flask import current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db
from app.followup import bp
from app.followup.activities import activities
from app.followup.drop_ins import expected
from app.followup.feeds import drop_feed, feed_token, link_of, renew_feed
from app.followup.rules import rules_now
from app.followup.support import SupportMeeting, meetings
from app.followup.words import rule_words
from app.pages import page
from tenants.access import may
from tenants.models import members
from tenants.months import today_in
from tenants.scope import here

AT_ONCE = 4


def names_of_team() -> dict[UUID, str]:
    """Names of the present members by their id."""
    return {each.id: each.display_name for each in db.session.scalars(members())}


@bp.get("/")
@may("see the follow-up")
def index() -> ResponseReturnValue:
    """What is next."""
    today = today_in(g.collective.time_zone)
    coming = db.session.scalars(expected(today).limit(AT_ONCE)).all()
    link = link_of(g.membership.id)
    return page(
        "followup/index.html",
        next=coming[0] if coming else None,
        then=coming[1:],
        rules=[(each, rule_words(each)) for each in rules_now(today)],
        usual={each.where for each in rules_now(today)},
        activities=db.session.scalars(activities("", today).limit(AT_ONCE)).all(),
        meeting=db.session.scalars(meetings().where(SupportMeeting.month >= f"{today:%Y-%m}").order_by(None).order_by(SupportMeeting.month)).first(),
        names=names_of_team(),
        today=today,
        feed=current_app.config["PUBLIC_URL"].rstrip("/") + url_for("feeds.show", token=feed_token(here(), link.id)) if link else None,
    )


@bp.post("/calendrier")
@may("see the follow-up")
def create_feed() -> ResponseReturnValue:
    """A private address for one's calendar; the former one stops working."""
    renew_feed(g.membership.id)
    flash(_("Voici l’adresse de votre calendrier. L’ancienne, s’il y en avait une, ne sert plus."))
    return redirect(url_for("workspace.followup.index", _anchor="calendrier"))


@bp.post("/calendrier/retrait")
@may("see the follow-up")
def delete_feed() -> ResponseReturnValue:
    """The address no longer works."""
    drop_feed(g.membership.id)
    flash(_("L’adresse de votre calendrier ne sert plus."))
    return redirect(url_for("workspace.followup.index", _anchor="calendrier"))
