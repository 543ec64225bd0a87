"""A wish that changed: someone may be visited, or called, again."""

import re
from collections.abc import Iterator

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.languages import begun
from app.outreach import bp
from app.outreach.wishes import WishKind, mark_of, take_back, wish
from app.pages import page
from app.phone_numbers import normalised
from tenants.access import may


class WishForm(FlaskForm):
    """A number, or a building and a door: what the wish is about, and whether it begins or ends."""

    kind = RadioField(
        _l("De quoi s’agit-il ?"),
        choices=[(WishKind.no_call.value, _l("Un numéro de téléphone")), (WishKind.no_visit.value, _l("Une porte"))],
        default=WishKind.no_call.value,
        validators=[InputRequired(_l("Choisissez l’un des deux."))],
    )
    about = StringField(
        _l("Le numéro, ou le lieu et la porte"),
        [DataRequired(_l("Il manque le numéro ou la porte.")), Length(max=140)],
        description=_l(
            "Par exemple : 02 40 00 00 00, ou Les Tilleuls, entrée B 33. Il n’en reste qu’une empreinte, qui ne dit ni le numéro ni la porte."
        ),
        render_kw={"autocomplete": "off"},
    )
    change = RadioField(
        _l("Que souhaite la personne ?"),
        choices=[("stop", _l("Qu’on ne passe plus, qu’on n’appelle plus")), ("again", _l("On peut de nouveau passer ou appeler"))],
        default="again",
        validators=[InputRequired(_l("Choisissez l’un des deux."))],
    )


def readings(about: str) -> Iterator[str]:
    """A door as its round calls it, and as an address is written: "12 rue des Lilas" is door 12 of the street."""
    yield about
    turned = re.fullmatch(r"\s*(\d+)[\s,]+(\S.*)", about)
    if turned:
        yield f"{turned[2]} {turned[1]}"


@bp.get("/souhaits")
@may("prepare buildings")
def edit_wishes() -> ResponseReturnValue:
    """Which wish changed?"""
    return page("outreach/wishes.html", form=WishForm(formdata=None))


@bp.post("/souhaits")
@may("prepare buildings")
def update_wishes() -> ResponseReturnValue:
    """Keep a wish, or take one back."""
    form = WishForm()
    if not form.validate_on_submit():
        return page("outreach/wishes.html", form=form), 422
    kind, about = WishKind(form.kind.data), form.about.data or ""
    if kind == WishKind.no_call:
        try:
            about = normalised(about)
        except ValueError as error:
            form.about.errors = [begun(str(error)) + "."]
            return page("outreach/wishes.html", form=form), 422
    marks = [mark_of(kind, each) for each in (readings(about) if kind == WishKind.no_visit else [about])]
    if form.change.data == "stop":
        for mark in marks:
            wish(kind, mark)
        flash(_("C’est noté. Le souhait reste, même quand la tournée est oubliée."))
    elif sum(take_back(kind, mark) for mark in marks):
        flash(_("Le souhait est levé."))
    else:
        form.about.errors = [_("Aucun souhait à ce numéro ni à cette porte. Vérifiez comment le lieu s’appelle dans la tournée.")]
        return page("outreach/wishes.html", form=form), 422
    return redirect(url_for("workspace.outreach.edit_wishes"))
