"""Signed links: what they carry, and how they are read back."""

from uuid import UUID

from flask import abort, current_app
from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

RESET_LASTS = 3 * 3600


def invitation_token(collective_id: UUID, invitation_id: UUID) -> str:
    """Collective and row; the row decides until when it holds."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "invitation").dumps([collective_id.hex, invitation_id.hex])


def read_invitation(token: str) -> tuple[UUID, UUID]:
    """Collective and row of an invitation's link; 404 if it was not made here."""
    try:
        collective, row = URLSafeSerializer(current_app.config["SECRET_KEY"], "invitation").loads(token)
        return UUID(collective), UUID(row)
    except (BadData, ValueError, TypeError):
        abort(404)


def reset_token(user_id: UUID, password_hash: str) -> str:
    """User and the end of the present hash: used once, because using it changes the hash."""
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], "reset").dumps([user_id.hex, password_hash[-12:]])


def read_reset(token: str) -> tuple[UUID, str] | None:
    """User and hash ending of a reset link; None if it is older than three hours or not ours."""
    try:
        user, ending = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], "reset").loads(token, max_age=RESET_LASTS)
        return UUID(user), str(ending)
    except (BadData, ValueError, TypeError):
        return None


def digest_token(user_id: UUID) -> str:
    """Whose weekly mail; without an end, for a mail may be read late."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "digest").dumps(user_id.hex)


def read_digest(token: str) -> UUID:
    """The user of a link that stops the weekly mail; 404 if it was not made here."""
    try:
        return UUID(URLSafeSerializer(current_app.config["SECRET_KEY"], "digest").loads(token))
    except (BadData, ValueError, TypeError, AttributeError):
        abort(404)


def removal_token(removal_id: UUID) -> str:
    """The removal of a second step; the row decides whether it can still be cancelled."""
    return URLSafeSerializer(current_app.config["SECRET_KEY"], "removal").dumps(removal_id.hex)


def read_removal(token: str) -> UUID:
    """The removal of a link; 404 if it was not made here."""
    try:
        return UUID(URLSafeSerializer(current_app.config["SECRET_KEY"], "removal").loads(token))
    except (BadData, ValueError, TypeError, AttributeError):
        abort(404)
