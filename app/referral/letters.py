"""The mail of a referral: composed once, shown before it leaves, and sent word for word. Its link, and how that is read back."""

import re
from uuid import UUID

from flask import abort, current_app, render_template
from flask_babel import force_locale
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer

from app.db import db
from app.languages import of
from app.referral.referrals import Referral, Way
from app.referral.resources import Resource, ResourceService, contact_of
from tenants.models import Collective, Membership
from tenants.rows import found
from tenants.scope import here


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "referral")


def answer_token(where: UUID, referral_id: UUID) -> str:
    """Collective and referral; the row says whether it still waits."""
    return str(_signer().dumps([where.hex, referral_id.hex]))


def read_answer_token(token: str) -> tuple[UUID, UUID]:
    """Collective and referral of a link; 404 if it was not made here."""
    try:
        collective, row = _signer().loads(token)
        return UUID(collective), UUID(row)
    except (BadData, ValueError, TypeError):
        abort(404)


def _plain(text: str) -> str:
    # One line ending for all, and no gaps where nothing was said: a mail carries the very bytes that the page showed.
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.splitlines())).strip() + "\n"


def compose(referral: Referral, place: Collective, sender: Membership, reply_to: str) -> None:
    """Write the mail of a referral, in French: it goes to a resource in France, whatever language its sender reads."""
    resource = found(Resource, referral.resource_id)
    service = found(ResourceService, referral.service_id) if referral.service_id else None
    if referral.way != Way.mail:
        referral.mail_to = referral.mail_reply = referral.mail_subject = referral.mail_text = None
        return
    companion = db.session.get(Membership, (here(), referral.companion_id)) if referral.companion_id else None
    # The public address and not the request's: what a proxy says of its name must not end in a mail.
    path = current_app.url_map.bind("").build("referral_answer.show", {"token": answer_token(here(), referral.id)})
    link = current_app.config["PUBLIC_URL"].rstrip("/") + path
    with force_locale("fr"):
        subject = _("Pouvez-vous accueillir quelqu’un ? Une demande du collectif %(of_place)s", of_place=of(place.name))
        text = render_template(
            "mail/referral.txt",
            referral=referral,
            resource=resource,
            service=service,
            companion=companion,
            place=place,
            sender=sender,
            link=link,
        )
    referral.mail_to, referral.mail_reply = contact_of(resource, service, "courriel"), reply_to
    referral.mail_subject, referral.mail_text = " ".join(subject.split()), _plain(text)
