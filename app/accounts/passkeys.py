"""Passkeys: what the browser is asked, and whether its answer holds. The library is imported when one is used: a web process stays small."""

from flask import request, session

from app.accounts.factors import Passkey, passkeys_of
from app.accounts.models import User
from app.db import db, now

CHALLENGE = "passkey_challenge"


def _house() -> tuple[str, str]:
    """Our name as passkeys know it, and the address they must be used from."""
    return request.host.partition(":")[0], request.host_url.rstrip("/")


def _remember(challenge: bytes) -> None:
    from webauthn.helpers import bytes_to_base64url

    session[CHALLENGE] = bytes_to_base64url(challenge)


def _challenge() -> bytes:
    """What was asked last, once: an answer cannot be given twice."""
    from webauthn.helpers import base64url_to_bytes

    return base64url_to_bytes(session.pop(CHALLENGE, ""))


def new_options(user: User) -> str:
    """What a browser needs to make a passkey, as JSON."""
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    options = generate_registration_options(
        rp_id=_house()[0],
        rp_name="Essaimage",
        user_id=user.id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each.credential_id) for each in db.session.scalars(passkeys_of(user.id))],
    )
    _remember(options.challenge)
    return options_to_json(options)


def options_for(user: User) -> str | None:
    """What a browser needs to use one of someone's passkeys, as JSON; None if they have none."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor

    known = [PublicKeyCredentialDescriptor(id=each.credential_id) for each in db.session.scalars(passkeys_of(user.id))]
    if not known:
        return None
    options = generate_authentication_options(rp_id=_house()[0], allow_credentials=known)
    _remember(options.challenge)
    return options_to_json(options)


def add_passkey(user: User, answer: str) -> Passkey | None:
    """The new passkey of a browser's answer; None if it is no answer to what was asked."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    name, origin = _house()
    try:
        made = verify_registration_response(credential=answer, expected_challenge=_challenge(), expected_rp_id=name, expected_origin=origin)
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    device = request.user_agent.string[:120] or "?"
    passkey = Passkey(
        user_id=user.id, credential_id=made.credential_id, public_key=made.credential_public_key, sign_count=made.sign_count, device=device
    )
    db.session.add(passkey)
    user.second_step_since = user.second_step_since or now()
    return passkey


def takes_passkey(user: User, answer: str) -> bool:
    """Whether the answer was made with one of this account's passkeys, for what was asked."""
    from webauthn import verify_authentication_response
    from webauthn.helpers import parse_authentication_credential_json
    from webauthn.helpers.exceptions import WebAuthnException

    (name, origin), challenge = _house(), _challenge()
    try:
        credential = parse_authentication_credential_json(answer)
        passkey = db.session.scalar(passkeys_of(user.id).where(Passkey.credential_id == credential.raw_id).with_for_update())
        if passkey is None:
            return False
        used = verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=name,
            expected_origin=origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    passkey.sign_count, passkey.used_at = used.new_sign_count, now()
    return True
