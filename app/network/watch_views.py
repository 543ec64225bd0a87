"""Who needs a call, the hive of France, and the filters that the head keeps."""

from urllib.parse import urlencode
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from sqlalchemy import delete, select
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from app.db import db, new_id
from app.followup.support_waiting import count_waiting
from app.network import bp
from app.network.departments import NAMES
from app.network.hive import HEIGHT, OVERSEAS, WIDTH, hexagons
from app.network.queries import SHEET, reading
from app.network.regions import REGIONS, SLUGS, departments_of
from app.network.watching import AGES, SIZES, STAGES, SavedView, WatchSum, watched
from app.pages import id_from, page
from app.paging import Sheet, page_number
from tenants.months import today_in

FILTERS = ("departement", "region", "etape", "taille", "age", "soutien", "appeler")


class SavedViewForm(FlaskForm):
    """A name for the filters in force."""

    id = HiddenField()
    name = StringField(
        _l("Garder ces filtres sous un nom"), [DataRequired(_l("Il manque un nom.")), Length(max=60, message=_l("Soixante caractères au plus."))]
    )


def _filters() -> dict[str, str]:
    return {name: text for name in FILTERS if (text := request.args.get(name, "")[:60])}


def own_views() -> list[SavedView]:
    """The present user's saved views, by name."""
    return list(db.session.scalars(select(SavedView).where(SavedView.user_id == current_user.id).order_by(SavedView.name)))


@bp.get("/veille")
def index_watch() -> ResponseReturnValue:
    """The hive, those to call, and all that answer to the filters."""
    return _index(SavedViewForm(formdata=None, id=str(new_id())))


def _index(form: SavedViewForm) -> str:
    filters, number, today = _filters(), page_number(), today_in("Europe/Paris")
    with reading() as session:
        sums = session.scalars(select(WatchSum)).all()
        decided = count_waiting(session, today)
        rows = session.execute(watched(filters, today).limit(SHEET + 1).offset((number - 1) * SHEET)).all()
    counts: dict[str, int] = {}
    stages = dict.fromkeys(STAGES, 0)
    for each in sums:
        counts[each.department] = counts.get(each.department, 0) + each.collectives
        stages[each.stage] += each.collectives
    return page(
        "network/watch.html",
        sheet=Sheet([(watch, name, NAMES.get(watch.department, watch.department)) for watch, name in rows[:SHEET]], number, len(rows) > SHEET),
        hexagons=hexagons(counts),
        size=(WIDTH, HEIGHT),
        overseas=OVERSEAS[0][0],
        by_region=_by_region(counts),
        counts=sorted((NAMES.get(code, code), count, code) for code, count in counts.items()),
        stages=stages,
        to_call=sum(each.to_call for each in sums),
        decided=decided,
        filters=filters,
        query=urlencode(filters),
        choices=(("region", _("Région"), {each: each for each in REGIONS}), ("departement", _("Département"), NAMES), ("etape", _("Étape"), STAGES)),
        ranges=(("taille", _("Taille"), SIZES), ("age", _("Âge du collectif"), AGES)),
        stage_names=STAGES,
        views=own_views(),
        form=form,
        today=today,
    )


def _by_region(counts: dict[str, int]) -> list[tuple[str, int, str]]:
    """The regions that have collectives: name, how many, and what its address calls it."""
    found = ((name, sum(counts.get(code, 0) for code in departments_of(name)), SLUGS[name]) for name in REGIONS)
    return [each for each in found if each[1]]


@bp.post("/veille/vues")
def create_view() -> ResponseReturnValue:
    """Keep the filters in force under a name; the same name again replaces them."""
    form = SavedViewForm()
    if not form.validate_on_submit():
        return _index(form), 422
    view_id, name = id_from(form.id.data), (form.name.data or "").strip()
    if all(each.id != view_id for each in own_views()):
        for each in own_views():
            if each.name == name:
                db.session.delete(each)
        # The former one must be gone before its name is taken again.
        db.session.flush()
        db.session.add(SavedView(id=view_id, user_id=current_user.id, name=name, query=urlencode(_filters())[:300]))
    flash(_("Ces filtres sont gardés."))
    return redirect(f"{url_for('network.index_watch')}?{urlencode(_filters())}")


@bp.post("/veille/vues/<uuid:view_id>/retrait")
def delete_view(view_id: UUID) -> ResponseReturnValue:
    """Forget a view of one's own. Twice is once; any other id is answered alike, and forgets nothing."""
    db.session.execute(delete(SavedView).where(SavedView.id == view_id, SavedView.user_id == current_user.id))
    flash(_("Ces filtres sont oubliés."))
    return redirect(url_for("network.index_watch"))
