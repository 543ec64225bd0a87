"""The hourly look at all collectives, as the network's role."""

from sqlalchemy.orm import Session

from app.db import db
from app.network.looking import look
from tenants.months import today_in
from workers.queue import job


@job
def watch_over() -> None:
    """Work out stages and reasons to call again, from figures and what is published."""
    with Session(db.engines["network"]) as session, session.begin():
        look(session, today_in("Europe/Paris"))
