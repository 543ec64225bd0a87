"""What permanences and activities add to a person's story, and to what is printed for them."""

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import db
from app.followup.activities import Activity, ActivityGuest, Carrier
from app.followup.attendance import visits_of
from app.followup.words import ANSWER_NAMES
from app.languages import written_date
from app.people.file import File
from app.people.story import Event, Section, prints, tells


@tells
def came(file: File) -> list[Event]:
    """Permanences and activities they came to."""
    return [
        Event(day, _("Venue à une activité : %(title)s", title=each.title) if isinstance(each, Activity) else _("Venue à la permanence"))
        for each, day in visits_of(file.person.id)
    ]


def _carried(file: File) -> list[Carrier]:
    query = select(Carrier).where(Carrier.person_id == file.person.id).order_by(Carrier.on).options(joinedload(Carrier.activity))
    return list(db.session.scalars(query))


@tells
def carried(file: File) -> list[Event]:
    """Activities they carry."""
    return [
        Event(
            each.on,
            _("Porte une activité : %(title)s", title=each.activity.title),
            each.words or "",
            link=(url_for("workspace.followup.show_activity", activity_id=each.activity_id), _("Voir l’activité")),
        )
        for each in _carried(file)
    ]


@prints
def printed(file: File) -> list[Section]:
    """All of it, on paper: what one came to, was asked along to, and carries."""
    there = [
        (written_date(day, "d MMMM y"), each.title if isinstance(each, Activity) else _("Permanence"))
        for each, day in sorted(visits_of(file.person.id), key=lambda pair: pair[1])
    ]
    carried_ = [(written_date(each.on, "d MMMM y"), f"{each.activity.title}. {each.words or ''}") for each in _carried(file)]
    query = select(ActivityGuest, Activity.title).join(
        Activity, (Activity.id == ActivityGuest.activity_id) & (Activity.collective_id == ActivityGuest.collective_id)
    )
    asked = [(title, str(ANSWER_NAMES[guest.answer])) for guest, title in db.session.execute(query.where(ActivityGuest.person_id == file.person.id))]
    parts = ((_("Permanences et activités"), there), (_("Activités que vous portez"), carried_), (_("Invitations"), asked))
    return [Section(heading, rows) for heading, rows in parts if rows]
