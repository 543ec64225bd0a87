"""The directory: searching it, reading a place, and typing one in."""

from uuid import UUID

from flask import abort, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import db, new_id, now
from app.languages import written_number
from app.pages import id_from, page
from app.paging import sheet
from app.people.models import Person
from app.people.words import NEED_NAMES
from app.referral import bp
from app.referral.resource_forms import NewResourceForm, PlaceForm, SearchForm, ServiceForm, place_values, service_values
from app.referral.resources import Resource, ResourceService, listed, read_aloud, services_of
from app.referral.search import middle_of, search
from app.referral.themes import FEE_NAMES, PUBLIC_NAMES, theme_name
from tenants import journal, ledger
from tenants.access import may
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here


def results_page(person: Person | None) -> str:
    """What the directory holds, for a person if one is chosen: then each result leads on to a referral."""
    middle = middle_of(g.collective.insee_code)
    form = SearchForm(request.args, measured=middle is not None)
    found_ = sheet(search(form.wanted, g.collective.insee_code, g.collective.department, middle))
    return page(
        "referral/index.html",
        person=person,
        form=form,
        sheet=found_,
        asked=bool(form.said),
        measured=middle is not None,
        count=db.session.scalar(listed()) or 0,
        needs=[(each, NEED_NAMES[each]) for each in person.needs if each in NEED_NAMES] if person else [],
        far=far,
        fees=FEE_NAMES,
    )


def far(distance: float) -> str:
    """A distance in words: nobody walks by the metre."""
    if distance < 1:
        return _("moins d’un kilomètre")
    return _("à %(number)s km", number=written_number(round(distance, 1) if distance < 10 else round(distance)))


@bp.get("/")
@may("see resources")
def index() -> ResponseReturnValue:
    """Search the directory."""
    return results_page(None)


@bp.get("/lieux/<uuid:resource_id>")
@may("see resources")
def show_resource(resource_id: UUID) -> ResponseReturnValue:
    """A place: where it is, how it is reached, what it offers."""
    resource = found(Resource, resource_id)
    services = db.session.scalars(services_of(resource.id)).all()
    return page(
        "referral/resource.html", resource=resource, services=services, theme_name=theme_name, fees=FEE_NAMES, publics=PUBLIC_NAMES, aloud=read_aloud
    )


@bp.get("/lieux/nouveau")
@may("keep resources")
def new_resource() -> ResponseReturnValue:
    """A place that is not there yet."""
    form = NewResourceForm(formdata=None, id=str(new_id()), town=g.collective.name if not g.collective.qpv_code else "")
    return page("referral/new_resource.html", form=form)


@bp.post("/lieux")
@may("keep resources")
def create_resource() -> ResponseReturnValue:
    """Put it into the directory, with the first thing it offers."""
    form = NewResourceForm()
    resource_id = id_from(form.id.data)
    if db.session.get(Resource, (here(), resource_id)) is not None:
        return redirect(url_for("workspace.referral.show_resource", resource_id=resource_id))
    if not form.validate_on_submit():
        return page("referral/new_resource.html", form=form), 422
    resource = Resource(id=resource_id)
    resource.take(form.place_record(f"essaimage--{resource_id}"))
    db.session.add(resource)
    # The service points at the resource.
    db.session.flush()
    _add_service(resource, new_id(), form)
    journal.note("listed", "resource", resource.id)
    ledger.mark(today_in(g.collective.time_zone))
    flash(_("%(name)s est dans l’annuaire.", name=resource.name))
    return redirect(url_for("workspace.referral.show_resource", resource_id=resource.id))


def _add_service(resource: Resource, service_id: UUID, form: ServiceForm) -> None:
    service = ResourceService(id=service_id, resource_id=resource.id)
    service.take(form.service_record(f"essaimage--{service_id}", resource))
    db.session.add(service)


def _own_resource(resource_id: UUID) -> Resource:
    """One that was typed in here: what an export brought would be overwritten by the next."""
    resource = found(Resource, resource_id)
    if not resource.by_hand:
        abort(404)
    return resource


@bp.get("/lieux/<uuid:resource_id>/modifier")
@may("keep resources")
def edit_resource(resource_id: UUID) -> ResponseReturnValue:
    """What changed about it?"""
    resource = _own_resource(resource_id)
    return page("referral/edit_resource.html", form=PlaceForm(formdata=None, **place_values(resource)), resource=resource)


@bp.post("/lieux/<uuid:resource_id>/modifier")
@may("keep resources")
def update_resource(resource_id: UUID) -> ResponseReturnValue:
    """Write what changed."""
    resource, form = _own_resource(resource_id), PlaceForm()
    if not form.validate_on_submit():
        return page("referral/edit_resource.html", form=form, resource=resource), 422
    gone_at = resource.gone_at
    resource.take(form.place_record(resource.external_id))
    resource.gone_at = gone_at
    journal.note("changed", "resource", resource.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.referral.show_resource", resource_id=resource.id))


@bp.post("/lieux/<uuid:resource_id>/retrait")
@may("keep resources")
def create_withdrawal(resource_id: UUID) -> ResponseReturnValue:
    """Take it out of the directory, or put it back: the button says which, so that twice is once. Referrals still point at it."""
    resource, back = _own_resource(resource_id), bool(request.form.get("back"))
    if back == bool(resource.gone_at):
        resource.gone_at = None if back else now()
        journal.note("put back" if back else "withdrew", "resource", resource.id)
        ledger.mark(today_in(g.collective.time_zone))
    flash(_("%(name)s n’est plus proposé.", name=resource.name) if resource.gone_at else _("%(name)s est de nouveau proposé.", name=resource.name))
    return redirect(url_for("workspace.referral.show_resource", resource_id=resource.id))


@bp.get("/lieux/<uuid:resource_id>/services/nouveau")
@may("keep resources")
def new_service(resource_id: UUID) -> ResponseReturnValue:
    """Another thing that this place offers."""
    resource = _own_resource(resource_id)
    return page("referral/service.html", form=ServiceForm(formdata=None, id=str(new_id())), resource=resource, service=None)


@bp.post("/lieux/<uuid:resource_id>/services")
@may("keep resources")
def create_service(resource_id: UUID) -> ResponseReturnValue:
    """Put it beside the others."""
    resource, form = _own_resource(resource_id), ServiceForm()
    service_id = id_from(form.id.data)
    if db.session.get(ResourceService, (here(), service_id)) is None:
        if not form.validate_on_submit():
            return page("referral/service.html", form=form, resource=resource, service=None), 422
        _add_service(resource, service_id, form)
        flash(_("C’est enregistré."))
    return redirect(url_for("workspace.referral.show_resource", resource_id=resource.id))


def _own_service(resource: Resource, service_id: UUID) -> ResourceService:
    service = found(ResourceService, service_id)
    if service.resource_id != resource.id:
        abort(404)
    return service


@bp.get("/lieux/<uuid:resource_id>/services/<uuid:service_id>")
@may("keep resources")
def edit_service(resource_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """What changed about it?"""
    resource = _own_resource(resource_id)
    service = _own_service(resource, service_id)
    return page("referral/service.html", form=ServiceForm(formdata=None, **service_values(service)), resource=resource, service=service)


@bp.post("/lieux/<uuid:resource_id>/services/<uuid:service_id>")
@may("keep resources")
def update_service(resource_id: UUID, service_id: UUID) -> ResponseReturnValue:
    """Write what changed; with the box ticked, it is offered no more."""
    resource = _own_resource(resource_id)
    service, form = _own_service(resource, service_id), ServiceForm()
    if not form.validate_on_submit():
        return page("referral/service.html", form=form, resource=resource, service=service), 422
    service.take(form.service_record(service.external_id, resource))
    service.gone_at = now() if form.gone.data else None
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.referral.show_resource", resource_id=resource.id))
