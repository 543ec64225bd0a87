"""The list of what teams may notice in the street, kept by the head: added to, put in order, shortened."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from app.db import db, new_id, now
from app.network import bp
from app.network.queries import folded, reading
from app.pages import page
from tenants.street_signs import StreetSign, signs

MOST = 40


class SignForm(FlaskForm):
    """A sign in both languages."""

    label = StringField(
        _l("Ce qu’on remarque"), [DataRequired(_l("Il manque le repère.")), Length(max=80, message=_l("Quatre-vingts caractères au plus."))]
    )
    label_en = StringField(
        _l("Le même en anglais"), [DataRequired(_l("Il manque l’anglais.")), Length(max=80, message=_l("Quatre-vingts caractères au plus."))]
    )


@contextmanager
def writing() -> Iterator[Session]:
    """A session as the network's role, kept when it ends well: the requests' own transaction is the application's and may not write here."""
    with Session(db.engines["network"]) as session, session.begin():
        yield session


def same_words(label: str) -> str:
    """A label without case, accents and marks: two that differ in nothing else are one."""
    return re.sub(r"\W+", " ", folded(label)).strip()


@bp.get("/reperes")
def index_signs() -> ResponseReturnValue:
    """Those on offer in their order, then the retired."""
    return _signs(SignForm(formdata=None))


def _signs(form: SignForm) -> str:
    with reading() as session:
        every = session.scalars(signs()).all()
    offered = [each for each in every if each.retired_at is None]
    return page("network/signs.html", form=form, offered=offered, retired=[each for each in every if each.retired_at])


@bp.post("/reperes")
def create_sign() -> ResponseReturnValue:
    """Add a sign at the end; one of the same words is brought back instead."""
    form = SignForm()
    if not form.validate_on_submit():
        return _signs(form), 422
    label, english = (form.label.data or "").strip(), (form.label_en.data or "").strip()
    with writing() as session:
        every = session.scalars(signs().with_for_update()).all()
        last = max((each.position for each in every), default=0)
        known = next((each for each in every if same_words(each.label) == same_words(label)), None)
        if known is None and sum(each.retired_at is None for each in every) >= MOST:
            form.label.errors = [_("Quarante repères, c’est déjà beaucoup à lire en marchant. Retirez-en un d’abord.")]
            return _signs(form), 422
        if known is None:
            session.add(StreetSign(code=str(new_id()), label=label, label_en=english, position=last + 1))
        else:
            known.retired_at = None
    flash(_("Le repère est dans la liste."))
    return redirect(url_for("network.index_signs"))


@bp.post("/reperes/<string:sign>/ordre")
def update_sign(sign: str) -> ResponseReturnValue:
    """One place up, or down."""
    with writing() as session:
        offered = [each for each in session.scalars(signs().with_for_update()) if each.retired_at is None]
        place = next((number for number, each in enumerate(offered) if each.code == sign), None)
        if place is None:
            abort(404)
        other = place + (1 if request.form.get("move") == "down" else -1)
        if 0 <= other < len(offered):
            offered[place], offered[other] = offered[other], offered[place]
        for number, each in enumerate(offered, 1):
            each.position = number
    return redirect(url_for("network.index_signs", _anchor=f"repere-{sign}"))


@bp.post("/reperes/<string:sign>/retrait")
def delete_sign(sign: str) -> ResponseReturnValue:
    """Offer it no longer, or again. It stays in the walks where it was noticed."""
    with writing() as session:
        known = session.get(StreetSign, sign)
        if known is None:
            abort(404)
        known.retired_at = None if request.form.get("back") else known.retired_at or now()
    return redirect(url_for("network.index_signs"))
