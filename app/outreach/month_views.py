"""The month in one page, for the coordination."""

from flask import g, request
from flask.typing import ResponseReturnValue

from app.outreach import bp
from app.outreach.month import MOST_SHOWN, Month, is_month
from app.pages import page
from tenants.access import may
from tenants.months import month_of, today_in


@bp.get("/mois")
@may("plan a round")
def show_month() -> ResponseReturnValue:
    """Rounds by kind, who went with whom, who did not go, which streets wait. A month that cannot be read is this one."""
    today = today_in(g.collective.time_zone)
    asked = request.args.get("mois")
    month = asked if asked and is_month(asked) else month_of(today)
    return page("outreach/month.html", month=Month(month, today), most=MOST_SHOWN)
