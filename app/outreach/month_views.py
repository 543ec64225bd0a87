"""The month in one page, for the coordination."""

from flask import g, request
from flask.typing import ResponseReturnValue

from app.outreach import bp
from app.outreach.month import MOST_SHOWN, areas, at_home, company_of, is_month, outings_of
from app.pages import page
from tenants.access import may
from tenants.months import bounds, month_of, months_before, today_in


@bp.get("/mois")
@may("plan a round")
def show_month() -> ResponseReturnValue:
    """Rounds by kind, who went with whom, who did not go, which streets wait. A month that cannot be read is this one."""
    today = today_in(g.collective.time_zone)
    asked = request.args.get("mois")
    month = asked if asked and is_month(asked) else month_of(today)
    company = company_of(month)
    before, after = months_before(month, 2)[1], month_of(bounds(month)[1])
    return page(
        "outreach/month.html",
        month=month,
        before=before if is_month(before) else None,
        after=after if is_month(after) else None,
        to_come=bounds(month)[0] > today,
        outings=outings_of(month),
        pairs=company.pairs[:MOST_SHOWN],
        more_pairs=max(0, len(company.pairs) - MOST_SHOWN),
        at_home=at_home(company.times),
        areas=areas(),
        today=today,
    )
