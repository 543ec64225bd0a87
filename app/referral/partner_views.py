"""Partners, as the coordination keeps them: who they are, and the link that each may use."""

from uuid import UUID

from flask import current_app, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id
from app.pages import id_from, page
from app.phone_numbers import spoken
from app.referral import bp
from app.referral.partners import Partner, PartnerKind, add_partner, named, partners
from app.referral.prescription_forms import PartnerForm, PhoneForm
from app.referral.prescription_words import PARTNER_NAMES
from tenants import journal
from tenants.access import may
from tenants.models import Collective
from tenants.rows import found
from tenants.scope import here


@bp.get("/partenaires/")
@may("keep partners")
def index_partners() -> ResponseReturnValue:
    """Those who may report people, and the number that they call."""
    return _index(PhoneForm(formdata=None, collective_phone=spoken(g.collective.phone) if g.collective.phone else ""))


def _index(form: PhoneForm) -> str:
    return page("referral/partners.html", rows=named(list(db.session.scalars(partners()))), kinds=PARTNER_NAMES, form=form)


@bp.post("/partenaires/telephone")
@may("keep partners")
def update_phone() -> ResponseReturnValue:
    """The number of the collective; left empty there is none."""
    form = PhoneForm()
    if not form.validate_on_submit():
        return _index(form), 422
    db.session.get_one(Collective, here()).phone = form.collective_phone.data or None
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.referral.index_partners"))


@bp.get("/partenaires/nouveau")
@may("keep partners")
def new_partner() -> ResponseReturnValue:
    """What they are, and their name."""
    return page("referral/new_partner.html", form=PartnerForm(formdata=None, id=str(new_id())), partner=None)


@bp.post("/partenaires/")
@may("keep partners")
def create_partner() -> ResponseReturnValue:
    """Keep a partner; the first link is there at once."""
    form = PartnerForm()
    if not form.validate_on_submit():
        return page("referral/new_partner.html", form=form, partner=None), 422
    partner = Partner(id=id_from(form.id.data), kind=PartnerKind(form.kind.data), name=form.name.data, added_by=current_user.id)
    partner.contact = form.contact.data or None
    partner = add_partner(partner)
    flash(_("%(name)s est enregistré. Voici son lien.", name=partner.name))
    return redirect(url_for("workspace.referral.show_partner", partner_id=partner.id))


@bp.get("/partenaires/<uuid:partner_id>")
@may("keep partners")
def show_partner(partner_id: UUID) -> ResponseReturnValue:
    """The link, to send by mail or to print as a code."""
    import segno

    partner = found(Partner, partner_id)
    link = picture = None
    if partner.token:
        link = current_app.config["PUBLIC_URL"].rstrip("/") + url_for("partner_link.new", token=partner.token)
        picture = segno.make(link, error="m").svg_data_uri(scale=4, border=4, light="#fff")
    return page("referral/partner.html", partner=partner, kinds=PARTNER_NAMES, link=link, picture=picture)


@bp.get("/partenaires/<uuid:partner_id>/modifier")
@may("keep partners")
def edit_partner(partner_id: UUID) -> ResponseReturnValue:
    """Put name or contact right."""
    partner = found(Partner, partner_id)
    form = PartnerForm(formdata=None, id=str(partner.id), kind=partner.kind.value, name=partner.name, contact=partner.contact or "")
    return page("referral/new_partner.html", form=form, partner=partner)


@bp.post("/partenaires/<uuid:partner_id>/modifier")
@may("keep partners")
def update_partner(partner_id: UUID) -> ResponseReturnValue:
    """Write it. The link stays as it is."""
    partner, form = found(Partner, partner_id), PartnerForm()
    if not form.validate_on_submit():
        return page("referral/new_partner.html", form=form, partner=partner), 422
    partner.kind, partner.name, partner.contact = PartnerKind(form.kind.data), form.name.data, form.contact.data or None
    journal.note("changed", "partner", partner.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.referral.show_partner", partner_id=partner.id))


@bp.post("/partenaires/<uuid:partner_id>/lien")
@may("keep partners")
def create_link(partner_id: UUID) -> ResponseReturnValue:
    """Another link; the former one is over."""
    partner = found(Partner, partner_id)
    partner.open_link()
    flash(_("Voici son nouveau lien. L’ancien, s’il y en avait un, ne sert plus."))
    return redirect(url_for("workspace.referral.show_partner", partner_id=partner.id))


@bp.post("/partenaires/<uuid:partner_id>/lien/retrait")
@may("keep partners")
def delete_link(partner_id: UUID) -> ResponseReturnValue:
    """Take the link back. What has arrived stays."""
    partner = found(Partner, partner_id)
    partner.revoke_link()
    flash(_("Son lien ne sert plus. Ce qui est déjà arrivé reste."))
    return redirect(url_for("workspace.referral.show_partner", partner_id=partner.id))
