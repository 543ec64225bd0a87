"""Who is asked along, who carries it: names, hence behind the same door as people's files."""

from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.db import db, new_id, now
from app.followup import bp
from app.followup.activities import Activity, ActivityGuest, Answer, Carrier, carriers_of, carry, guests_of, invite
from app.followup.activity_forms import CarrierForm
from app.followup.gathering_watch import ask_about_activities
from app.followup.gatherings import GatheringState, mark
from app.followup.places import call_the_waiting, count_coming, is_full, note_that_told, reply, reply_of_team
from app.followup.words import ANSWER_NAMES
from app.pages import id_from, page
from app.people.queries import by_name, own_person, visible
from tenants import journal
from tenants.access import may, refuse
from tenants.months import today_in
from tenants.rows import found
from workers.queue import later


@bp.get("/activites/<uuid:activity_id>/invitations")
@may("note who came")
def edit_guests(activity_id: UUID) -> ResponseReturnValue:
    """The list to phone, the people one might ask along, and who carries it."""
    activity = found(Activity, activity_id)
    people = {each.id: (name, each) for name, each in by_name(db.session.scalars(visible()).all())}
    guests = {each.person_id: each for each in db.session.scalars(guests_of(activity.id))}
    return page(
        "followup/guests.html",
        activity=activity,
        guests=[(name, person, guests[person_id]) for person_id, (name, person) in people.items() if person_id in guests],
        others=[(name, person) for person_id, (name, person) in people.items() if person_id not in guests],
        # Those whom one may not read of are a number.
        unseen=len(guests.keys() - people.keys()),
        carriers=[(people[each.person_id][0], each) for each in db.session.scalars(carriers_of(activity.id)) if each.person_id in people],
        coming=count_coming(activity.id),
        waiting=sum(each.answer == Answer.waiting for each in guests.values()),
        full=is_full(activity),
        answers=ANSWER_NAMES,
    )


@bp.post("/activites/<uuid:activity_id>/invitations")
@may("note who came")
def create_guests(activity_id: UUID) -> ResponseReturnValue:
    """Put people on the list."""
    activity = found(Activity, activity_id)
    if elsewhere := _too_late(activity):
        return elsewhere
    chosen = set(request.form.getlist("guest"))
    number = invite(activity, [each.id for each in db.session.scalars(visible()) if str(each.id) in chosen])
    if number:
        journal.note("asked along", "activity", activity.id)
        ask_about_activities()
    flash(
        ngettext("Une personne de plus sur la liste.", "%(num)d personnes de plus sur la liste.", number) if number else _("La liste n’a pas changé.")
    )
    return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id))


@bp.post("/activites/<uuid:activity_id>/invitations/<uuid:guest_id>")
@may("note who came")
def update_guest(activity_id: UUID, guest_id: UUID) -> ResponseReturnValue:
    """What they said on the phone."""
    activity, guest = found(Activity, activity_id), found(ActivityGuest, guest_id)
    if guest.activity_id != activity.id:
        refuse("a guest of another activity")
    own_person(guest.person_id)
    said = request.form.get("answer", "")
    if activity.state == GatheringState.cancelled and said == Answer.not_coming:
        note_that_told(guest)
        ask_about_activities()
        return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id))
    if elsewhere := _too_late(activity):
        return elsewhere
    if said in set(Answer):
        reply(activity, guest, Answer(said))
        _tell_of_places(activity)
        ask_about_activities()
    if said == Answer.coming and guest.answer == Answer.waiting:
        flash(_("Toutes les places sont prises. La personne est en attente : si une place se libère, elle sera à rappeler."), "warning")
    return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id, _anchor=f"p{guest.person_id.hex}"))


def _too_late(activity: Activity) -> ResponseReturnValue | None:
    """Where to go instead, if it is no longer to come."""
    if activity.is_open:
        return None
    flash(_("Cette activité a eu lieu ou est annulée : elle ne change plus."), "warning")
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))


def _tell_of_places(activity: Activity) -> None:
    if called := call_the_waiting(activity):
        flash(
            ngettext(
                "Une place est libre : une personne qui attendait est à rappeler.",
                "Des places sont libres : %(num)d personnes sont à rappeler.",
                called,
            ),
            "warning",
        )


@bp.post("/activites/<uuid:activity_id>/reponse")
@may("run an activity")
def create_team_answer(activity_id: UUID) -> ResponseReturnValue:
    """I come, or I do not."""
    activity = found(Activity, activity_id)
    if elsewhere := _too_late(activity):
        return elsewhere
    comes = request.form.get("comes") == "1"
    if activity.state == GatheringState.idea:
        flash(_("C’est encore une idée : donnez-lui d’abord un jour."), "warning")
    elif not reply_of_team(activity, g.membership.id, comes):
        flash(_("Toutes les places sont prises. Dites-le à qui prépare l’activité : une place peut s’ajouter."), "warning")
    else:
        journal.note("comes" if comes else "does not come", "activity", activity.id)
        flash(_("C’est noté : vous venez.") if comes else _("C’est noté : vous ne venez pas."))
        _tell_of_places(activity)
        ask_about_activities()
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))


@bp.post("/activites/<uuid:activity_id>/mail")
@may("run an activity")
def create_invitation(activity_id: UUID) -> ResponseReturnValue:
    """Invite the members of the team by mail, once."""
    activity = found(Activity, activity_id)
    if activity.state != GatheringState.planned:
        flash(_("On invite à une activité qui est prévue."), "warning")
    elif activity.invited_at:
        flash(_("L’équipe a déjà reçu l’invitation."), "warning")
    else:
        activity.invited_at = now()
        journal.note("invited", "activity", activity.id)
        later("send_activity_invitation", activity.id)
        flash(_("L’invitation part par mail à l’équipe."))
    return redirect(url_for("workspace.followup.show_activity", activity_id=activity.id))


def _carrier_form(activity: Activity, **values: object) -> CarrierForm:
    form = CarrierForm(**values)
    form.person.choices = [(str(each.id), name) for name, each in by_name(db.session.scalars(visible()).all())]
    return form


@bp.get("/activites/<uuid:activity_id>/porteurs/nouveau")
@may("note who came")
def new_carrier(activity_id: UUID) -> ResponseReturnValue:
    """Who carries it, and do they agree to its being noted?"""
    activity = found(Activity, activity_id)
    if activity.state == GatheringState.cancelled:
        flash(_not_carried(), "warning")
        return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id))
    form = _carrier_form(activity, formdata=None, id=str(new_id()), on=today_in(g.collective.time_zone))
    return page("followup/carrier.html", form=form, activity=activity, trouble_now=None)


def _not_carried() -> str:
    return _("Cette activité est annulée : plus personne ne la porte. Si elle se refait un autre jour, notez-le sur celle qui est prévue.")


@bp.post("/activites/<uuid:activity_id>/porteurs")
@may("note who came")
def create_carrier(activity_id: UUID) -> ResponseReturnValue:
    """Note it; the path moves to engaged where it was not there yet. What was cancelled is carried by nobody any more."""
    activity = found(Activity, activity_id)
    form = _carrier_form(activity)
    trouble = _not_carried() if activity.state == GatheringState.cancelled else None
    if not form.validate_on_submit() or trouble:
        return page("followup/carrier.html", form=form, activity=activity, trouble_now=trouble), 422
    person = own_person(UUID(form.person.data))
    moved = carry(activity, person, form.words.data, form.on.data, id_from(form.id.data))
    if moved:
        flash(_("C’est noté. Son chemin passe à « engagée »."))
    else:
        flash(_("C’est noté. Son chemin était déjà au moins là : rien n’y change."))
    return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id))


@bp.post("/activites/<uuid:activity_id>/porteurs/<uuid:carrier_id>/retrait")
@may("note who came")
def delete_carrier(activity_id: UUID, carrier_id: UUID) -> ResponseReturnValue:
    """It was someone else. The path stays where it is until someone takes the step back, with a reason."""
    activity, carrier = found(Activity, activity_id), journal.found_or_removed(Carrier, carrier_id)
    if carrier:
        if carrier.activity_id != activity.id:
            refuse("a carrier of another activity")
        person = own_person(carrier.person_id)
        mark(activity.day or carrier.on)
        journal.note("carries no more", "person", person.id)
        journal.note_removal("carrier", carrier.id)
        db.session.delete(carrier)
    flash(_("C’est retiré. Son chemin n’a pas bougé : si l’étape est à retirer aussi, cela se fait sur sa fiche, avec un motif."))
    return redirect(url_for("workspace.followup.edit_guests", activity_id=activity.id))
