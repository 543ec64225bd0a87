"""Activities: the list, an idea, a plan, moving and cancelling."""

from typing import Any
from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user

from app.db import db, new_id
from app.followup import bp
from app.followup.activities import Activity, ActivityKind, activities, carriers_of, known_activity
from app.followup.activity_forms import ActivityForm, IdeaForm
from app.followup.attendance import counted
from app.followup.forms import BecauseForm
from app.followup.gathering_watch import ask_about_activities
from app.followup.gatherings import Because, GatheringState, become, mark
from app.followup.photos import photos_of
from app.followup.places import answers_of_team, ask_again, call_the_waiting, count_coming
from app.followup.views import names_of_team
from app.pages import id_from, page
from app.paging import sheet
from tenants import journal
from tenants.access import may
from tenants.months import today_in
from tenants.rows import found
from workers.queue import later

LISTS = {"": _l("À venir"), "idees": _l("Idées"), "passees": _l("Passées")}
FIELDS = ("title", "about", "idea_of", "day", "begins", "ends", "where", "places")


@bp.get("/activites/")
@may("see the follow-up")
def index_activities() -> ResponseReturnValue:
    """Those to come, the ideas, those of the past; ?liste= chooses."""
    which = request.args.get("liste", "")
    which = which if which in LISTS else ""
    today = today_in(g.collective.time_zone)
    shown = sheet(activities(which, today))
    came = counted(Activity.noun, *(each.id for each in shown.rows)) if which == "passees" else {}
    return page("followup/activities.html", sheet=shown, which=which, lists=LISTS, came=came, today=today)


@bp.get("/activites/nouvelle")
@may("run an activity")
def new_activity() -> ResponseReturnValue:
    """What, when, where, for how many."""
    return page("followup/activity_form.html", form=ActivityForm(formdata=None, id=str(new_id())), activity=None)


@bp.post("/activites/")
@may("run an activity")
def create_activity() -> ResponseReturnValue:
    """Plan it."""
    form = ActivityForm()
    if not form.validate_on_submit():
        return page("followup/activity_form.html", form=form, activity=None), 422
    activity_id = id_from(form.id.data)
    if known_activity(activity_id) is None:
        activity = Activity(id=activity_id, planned_by=current_user.id, kind=ActivityKind(form.kind.data))
        _fill(activity, form)
        db.session.add(activity)
        journal.note("planned", "activity", activity_id)
        flash(_("C’est prévu. Il reste à inviter."))
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity_id))


def _fill(activity: Activity, form: Any) -> None:
    activity.kind, activity.title, activity.about = ActivityKind(form.kind.data), form.title.data, form.about.data or ""
    activity.idea_of = form.idea_of.data or None
    activity.day, activity.begins, activity.ends = form.day.data, form.begins.data, form.ends.data
    activity.where, activity.places = form.where.data, form.places.data or None
    mark(form.day.data)


@bp.get("/activites/idees/nouvelle")
@may("run an activity")
def new_idea() -> ResponseReturnValue:
    """What would someone like to do? Typed in by the team, whoever had the idea."""
    return page("followup/idea.html", form=IdeaForm(formdata=None, id=str(new_id())))


@bp.post("/activites/idees")
@may("run an activity")
def create_idea() -> ResponseReturnValue:
    """Keep the idea; it needs no day."""
    form = IdeaForm()
    if not form.validate_on_submit():
        return page("followup/idea.html", form=form), 422
    activity_id = id_from(form.id.data)
    if known_activity(activity_id) is None:
        idea = Activity(id=activity_id, planned_by=current_user.id, kind=ActivityKind(form.kind.data), title=form.title.data, where="")
        idea.about, idea.idea_of, idea.state = form.about.data or "", form.idea_of.data or None, GatheringState.idea
        db.session.add(idea)
        journal.note("proposed", "activity", activity_id)
        flash(_("L’idée est notée. Elle attend son jour."))
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity_id))


@bp.get("/activites/<uuid:activity_id>")
@may("see the follow-up")
def show_activity(activity_id: UUID) -> ResponseReturnValue:
    """One activity. Who comes and who carries it stands on a page of its own, which not everybody may read."""
    activity, names = found(Activity, activity_id), names_of_team()
    answers = db.session.scalars(answers_of_team(activity.id)).all()
    return page(
        "followup/activity.html",
        activity=activity,
        team=[names[each.member_id] for each in answers if each.comes],
        mine=next((each.comes for each in answers if each.member_id == g.membership.id), None),
        came=counted(Activity.noun, activity.id)[activity.id],
        coming=count_coming(activity.id),
        carried=len(db.session.scalars(carriers_of(activity.id)).all()),
        photos=db.session.scalars(photos_of(activity.id)).all(),
        today=today_in(g.collective.time_zone),
    )


@bp.get("/activites/<uuid:activity_id>/modifier")
@may("run an activity")
def edit_activity(activity_id: UUID) -> ResponseReturnValue:
    """Change it, or give an idea its day."""
    activity = found(Activity, activity_id)
    values = {name: getattr(activity, name) for name in FIELDS}
    return page("followup/activity_form.html", form=ActivityForm(formdata=None, kind=activity.kind.value, **values), activity=activity)


@bp.post("/activites/<uuid:activity_id>/modifier")
@may("run an activity")
def update_activity(activity_id: UUID) -> ResponseReturnValue:
    """Change it. Whoever was invited is told of another day, hour or place: members by mail, guests are to be phoned again."""
    activity, form = found(Activity, activity_id), ActivityForm()
    if not activity.is_open:
        flash(_("Cette activité a eu lieu ou est annulée : elle ne change plus."), "warning")
        return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))
    if not form.validate_on_submit():
        return page("followup/activity_form.html", form=form, activity=activity), 422
    before = (activity.day, activity.begins, activity.ends, activity.where)
    mark(activity.day)
    _fill(activity, form)
    if activity.state == GatheringState.idea:
        become(activity, GatheringState.planned)
    elif before != (activity.day, activity.begins, activity.ends, activity.where):
        _tell_of_move(activity)
    elif called := call_the_waiting(activity):
        flash(
            ngettext(
                "Une personne attendait une place : elle est à rappeler.", "%(num)d personnes attendaient une place : elles sont à rappeler.", called
            )
        )
    journal.note("changed", "activity", activity.id)
    ask_about_activities()
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))


def _tell_of_move(activity: Activity) -> None:
    activity.sequence, activity.reminded_at = activity.sequence + 1, None
    again = ask_again(activity)
    if activity.invited_at:
        later("send_activity_notice", activity.id)
        flash(_("L’équipe était invitée : elle reçoit un mail avec le changement."))
    if again:
        flash(
            ngettext("Une personne avait dit oui : elle est à rappeler.", "%(num)d personnes avaient dit oui : elles sont à rappeler.", again),
            "warning",
        )


@bp.get("/activites/<uuid:activity_id>/annulation")
@may("run an activity")
def new_activity_cancellation(activity_id: UUID) -> ResponseReturnValue:
    """Why is it cancelled?"""
    return page("followup/because.html", form=BecauseForm(formdata=None), activity=found(Activity, activity_id), drop_in=None)


@bp.post("/activites/<uuid:activity_id>/annulation")
@may("run an activity")
def create_activity_cancellation(activity_id: UUID) -> ResponseReturnValue:
    """Cancel it, and tell those who were invited."""
    activity, form = found(Activity, activity_id), BecauseForm()
    if not form.validate_on_submit():
        return page("followup/because.html", form=form, activity=activity, drop_in=None), 422
    if activity.is_open:
        again = ask_again(activity)
        become(activity, GatheringState.cancelled, Because(form.because.data), form.because_words.data or None)
        if activity.invited_at:
            later("send_activity_notice", activity.id)
        flash(_("L’activité est annulée."))
        if again:
            flash(
                ngettext("Une personne avait dit oui : elle est à prévenir.", "%(num)d personnes avaient dit oui : elles sont à prévenir.", again),
                "warning",
            )
        ask_about_activities()
        if again:
            return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id))
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))
