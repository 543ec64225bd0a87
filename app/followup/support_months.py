"""A month whose meeting nobody noted: it took place on a day that was never proposed, or it did not. Either side says so afterwards."""

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.db import db, new_id
from app.followup.gathering_watch import ask_about_support
from app.followup.support import Side, SupportMeeting, open_month
from app.followup.support_acts import Seat, day_is_of_the_note
from app.followup.support_forms import HeldForm, MissedForm
from app.followup.support_year import months_to_tell
from app.pages import page
from tenants import journal


def month_asked(seat: Seat, subject: Any) -> str | None:
    """The month of ?mois=, if one may still say of it whether its meeting took place."""
    month = request.args.get("mois", "")
    return month if month in months_to_tell(subject, seat.today) else None


def no_such_month(seat: Seat) -> ResponseReturnValue:
    """Back to the list of those there are."""
    flash(_("Choisissez un mois de la liste."), "warning")
    return redirect(seat.address("index_support"))


def month_page(
    seat: Seat, month: str, row: SupportMeeting | None, typed: FlaskForm | None = None, status: int = 200, **more: Any
) -> ResponseReturnValue:
    """Where one says whether the meeting of a month took place; `row` is that month's, if there is one."""
    if row is not None and row.is_settled:
        return redirect(seat.address("show_support", support_id=row.id))
    told = {"day": row.day, "online": "1" if row.online else "", "where": row.where} if row else {}
    held = typed if isinstance(typed, HeldForm) else HeldForm(formdata=None, month=month, today=seat.today, **told)
    missed = typed if isinstance(typed, MissedForm) else MissedForm(formdata=None, because=row.missed_because if row else None)
    return page(f"{seat.pages}/support_month.html", seat=seat, held=held, missed=missed, month=month, row=row, **more), status


def tell_month(seat: Seat, month: str, row: SupportMeeting | None, **more: Any) -> ResponseReturnValue:
    """Say so. There is one meeting a month: what is sent twice finds the first."""
    if row is not None:
        # One hand at a time: the other side may be writing the note just now.
        db.session.refresh(row, with_for_update=True)
    form: HeldForm | MissedForm = MissedForm() if request.form.get("held") == "non" else HeldForm(month=month, today=seat.today)
    if row is not None and (row.is_settled or (row.is_written and isinstance(form, MissedForm))):
        flash(_("La note est écrite : la rencontre a eu lieu."), "warning")
        return redirect(seat.address("show_support", support_id=row.id))
    if not form.validate_on_submit():
        return month_page(seat, month, row, form, 422, **more)
    row = open_month(new_id(), month, seat.side)
    if isinstance(form, HeldForm):
        fallen = any(row.signed(side) for side in Side)
        row.take_place(form.day.data, bool(form.online.data), form.where.data or "")
        day_is_of_the_note(seat, row)
        flash(
            _("Le jour est noté. Il fait partie de la note : chaque côté signe de nouveau.")
            if fallen
            else _("Le jour est noté.")
            if row.is_written
            else _("Le jour est noté. Écrivez maintenant la note : c’est elle qui dit que la rencontre a eu lieu.")
        )
    else:
        row.miss(form.because.data or "")
        flash(_("C’est noté : la rencontre n’a pas eu lieu."))
    db.session.flush()  # The journal and the page name the row.
    journal.note("told the month of", "support", row.id)
    ask_about_support()
    return redirect(seat.address("show_support", support_id=row.id))
