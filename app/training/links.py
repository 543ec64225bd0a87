"""Signed links of the training room: what they carry, and how they are read back."""

from uuid import UUID

from flask import abort, current_app
from itsdangerous import BadData, URLSafeSerializer


def _signer(purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], purpose)


def _read(purpose: str, token: str) -> tuple[UUID, UUID]:
    try:
        collective, row = _signer(purpose).loads(token)
        return UUID(collective), UUID(row)
    except (BadData, ValueError, TypeError):
        abort(404)


def enrolment_token(where: UUID, course_id: UUID) -> str:
    """Collective and course; the course says whether it still takes people."""
    return _signer("enrolment").dumps([where.hex, course_id.hex])


def read_enrolment(token: str) -> tuple[UUID, UUID]:
    """Collective and course of an enrolling link; 404 if it was not made here."""
    return _read("enrolment", token)


def wall_token(where: UUID, session_id: UUID) -> str:
    """Collective and session; the clock says whether it still holds."""
    return _signer("wall").dumps([where.hex, session_id.hex])


def read_wall(token: str) -> tuple[UUID, UUID]:
    """Collective and session of the code on the wall; 404 if it was not made here."""
    return _read("wall", token)


def questionnaire_token(where: UUID, course_id: UUID) -> str:
    """Collective and course, the same for everybody: the link does not say who answers."""
    return _signer("questionnaire").dumps([where.hex, course_id.hex])


def read_questionnaire(token: str) -> tuple[UUID, UUID]:
    """Collective and course of a questionnaire's link; 404 if it was not made here."""
    return _read("questionnaire", token)
