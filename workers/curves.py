"""Drawing curves, and the nightly medians of similar collectives."""

import re
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from flask_babel import force_locale
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.db import db, now
from app.network.queries import reading
from app.reports.curve_models import Chart, fold_medians
from app.reports.curve_views import beside_similar, own_curve, whole_curve
from app.reports.curves import YEARS
from tenants.models import Collective
from tenants.months import today_in
from tenants.scope import place
from workers.queue import job

KEPT = timedelta(days=31)


@job
def draw_curve(code: str, step: str, language: str, collective_id: str = "") -> None:
    """Draw a curve, unless it is drawn already: of the present collective; where none is present, of the network or of the one that it looks at."""
    with force_locale(language):
        by_year = step == "years"
        if place().collective_id:
            curve = own_curve(code, by_year, language)[0]
        elif collective_id:
            with reading() as network:
                curve = beside_similar(network, network.get_one(Collective, UUID(collective_id)), code, by_year, language)[0]
        else:
            curve = whole_curve(code, by_year, language)
        if db.session.get(Chart, curve.key) is None:
            values = {"key": curve.key, "svg": drawn(curve.spec()), "drawn_at": now()}
            # Two who look at once ask for it twice.
            db.session.execute(insert(Chart).values(values).on_conflict_do_nothing())


def drawn(spec: dict[str, object]) -> str:
    """Vega-Lite as an SVG that takes the width it is given. The page says in words what it shows, so it is silent to screen readers."""
    import vl_convert

    svg = vl_convert.vegalite_to_svg(spec)
    head = re.sub(r'\s(?:width|height|class|version|xmlns:xlink)="[^"]*"', "", svg[: svg.index(">")])
    return f'{head} class="curve" aria-hidden="true"' + svg[svg.index(">") :]


@job
def fold_all_medians() -> None:
    """Work out the medians again, and forget drawings that nobody will ask for."""
    with Session(db.engines["network"]) as session, session.begin():
        fold_medians(session, str(today_in("Europe/Paris").year - YEARS + 1))
    db.session.execute(sa.delete(Chart).where(Chart.drawn_at < now() - KEPT))
