"""A directory of a crawled collective, and referrals of its person: one to be sent, one that waits. Every text carries the word `secret`."""

from uuid import UUID

from app.db import db, new_id
from app.referral.imports import DOCUMENT_KIND, EXPORT_KIND, ImportState, ResourceImport
from app.referral.letters import compose
from app.referral.referrals import Referral, ReferralState, Way
from app.referral.resources import Resource, ResourceService, own_source
from tenants.documents import Document
from tenants.models import Collective, Membership
from tenants.months import today_in
from tenants.scope import here


def lead_on(volunteer: Membership, person_id: UUID, secret: str) -> dict[str, UUID]:
    """Returns what addresses and forms name."""
    today = today_in("Europe/Paris")
    resource, service_id = Resource(id=new_id()), new_id()
    common = {"source": own_source(), "date_maj": today.isoformat()}
    place = {"id": f"essaimage--{resource.id}", "nom": f"Café {secret}", "commune": "Nantes", "code_insee": "44109"}
    resource.take({**common, **place, "courriel": f"{secret}@example.org".lower(), "latitude": 47.2, "longitude": -1.5})
    db.session.add(resource)
    # What follows points at the resource.
    db.session.flush()
    service = ResourceService(id=service_id, resource_id=resource.id)
    offer = {"id": f"essaimage--{service_id}", "structure_id": resource.external_id, "nom": f"Table {secret}", "description": f"Le jeudi {secret}"}
    service.take({**common, **offer})
    import_ = ResourceImport(state=ImportState.ready, filenames=[f"{secret}.csv"], counts={"lines": 1}, asked_by=volunteer.user_id)
    export = Document(kind=EXPORT_KIND, about_id=here(), filename=f"annuaire-{secret}-csv.zip", media_type="application/zip")
    db.session.add_all([service, import_, export])
    # Pieces and referrals point at them.
    db.session.flush()
    brought = Document(kind=DOCUMENT_KIND, about_id=import_.id, filename=f"{secret}.csv", media_type="application/octet-stream")
    db.session.add(brought)
    db.session.flush()
    for document in (export, brought):
        document.fill(f"{secret} annuaire".encode())
    collective = db.session.get_one(Collective, here())
    draft, sent = (_ask(person_id, resource, service, volunteer, secret, collective) for _ in range(2))
    sent.send(today)
    return {
        "resource_id": resource.id,
        "service_id": service.id,
        "import_id": import_.id,
        "export_id": export.id,
        "referral_id": draft.id,
        "sent_referral_id": sent.id,
    }


def _ask(person_id: UUID, resource: Resource, service: ResourceService, volunteer: Membership, secret: str, collective: Collective) -> Referral:
    referral = Referral(person_id=person_id, resource_id=resource.id, service_id=service.id, state=ReferralState.draft, way=Way.mail)
    referral.reason, referral.called, referral.agreed_words = f"Rencontrer {secret}", f"Ada {secret}", f"Oui {secret}"
    referral.agreed_on, referral.companion_id = today_in("Europe/Paris"), volunteer.id
    db.session.add(referral)
    compose(referral, collective, volunteer, f"{secret}@example.org")
    db.session.flush()
    return referral
