"""What every answer says of itself to the browser, whatever it answers."""

from flask import Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), microphone=(), geolocation=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def harden(response: Response) -> Response:
    """The same headers on every answer. Pages are private; what is in /static carries its fingerprint and keeps for a year."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    headers.extend(ALWAYS)
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint in {"static", "bootstrap.static"}:
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if "v" in request.args else "public, max-age=3600"
    else:
        headers.setdefault("Cache-Control", "no-store")
    return response
