"""What permanences and activities add to a person's story, and to what is printed for them."""

from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from app.db import db
from app.followup.activities import Activity, ActivityGuest, Carrier
from app.followup.attendance import came_to, visits_of
from app.followup.drop_ins import DropIn
from app.followup.words import ANSWER_NAMES
from app.languages import written_date
from app.people.file import File
from app.people.story import Event, Rows, Section, prints, tells
from tenants.together import along


def carried_by(person_id: UUID) -> Select[Carrier]:
    """What someone carries, the first first."""
    return select(Carrier).where(Carrier.person_id == person_id).order_by(Carrier.on, Carrier.id)


@tells(lambda person_id: came_to(DropIn, person_id), lambda person_id: came_to(Activity, person_id))
def came(_file: File, drop_ins: Rows, activities: Rows) -> list[Event]:
    """Permanences and activities they came to."""
    permanences = [Event(each.day, _("Venue à la permanence")) for (each,) in drop_ins]
    return permanences + [Event(each.day, _("Venue à une activité : %(title)s", title=each.title)) for (each,) in activities]


@tells(lambda person_id: along(carried_by(person_id), Carrier.activity))
def carried(_file: File, carriers: Rows) -> list[Event]:
    """Activities they carry."""
    return [
        Event(
            each.on,
            _("Porte une activité : %(title)s", title=each.activity.title),
            each.words or "",
            link=(url_for("workspace.followup.show_activity", activity_id=each.activity_id), _("Voir l’activité")),
        )
        for each, _activity in carriers
    ]


@prints
def printed(file: File) -> list[Section]:
    """All of it, on paper: what one came to, was asked along to, and carries."""
    there = [
        (written_date(day, "d MMMM y"), each.title if isinstance(each, Activity) else _("Permanence"))
        for each, day in sorted(visits_of(file.person.id), key=lambda pair: pair[1])
    ]
    carried_ = [
        (written_date(each.on, "d MMMM y"), f"{each.activity.title}. {each.words or ''}")
        for each in db.session.scalars(carried_by(file.person.id).options(joinedload(Carrier.activity)))
    ]
    query = select(ActivityGuest, Activity.title).join(
        Activity, (Activity.id == ActivityGuest.activity_id) & (Activity.collective_id == ActivityGuest.collective_id)
    )
    asked = [(title, str(ANSWER_NAMES[guest.answer])) for guest, title in db.session.execute(query.where(ActivityGuest.person_id == file.person.id))]
    parts = ((_("Permanences et activités"), there), (_("Activités que vous portez"), carried_), (_("Invitations"), asked))
    return [Section(heading, rows) for heading, rows in parts if rows]
