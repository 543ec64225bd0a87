"""What the environment decides. One place, read once, refused when it is not safe.

Production needs four values: DATABASE_URL, REDIS_URL, SECRET_KEY, MASTER_KEY. The roles of the network and
of the clerk sign in to the same database with passwords derived from the application's own (`role_url`), unless
their addresses are given.
"""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import make_url

APP_ROLE = "essaimage_app"
DEFAULTS_NEVER_SAFE = {"", "dev", "secret", "change-me", "changeme", "essaimage", "essaimage-demo"}


class UnsafeSettings(RuntimeError):
    """Raised at start when a production setting is missing, too short or well known."""


def role_url(app_url: str, role: str) -> str:
    """The address under which `role` reaches the database of `app_url`.

    The password is HMAC-SHA256(application's password, role), in hexadecimal: whoever may be the application may also be
    the network's reader and the clerk, and nobody else can compute it. The owner's is never derived.
    """
    url = make_url(app_url)
    password = hmac.new((url.password or "").encode(), role.encode(), hashlib.sha256).hexdigest()
    return url.set(username=role, password=quote(password)).render_as_string(hide_password=False)


def master_key(text: str, name: str = "MASTER_KEY") -> bytes:
    """The 32 bytes that wrap the keys of all collectives, from their base64 form.

    Raises UnsafeSettings, with the name of the setting, when the text is not base64 of exactly 32 bytes.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise UnsafeSettings(f"{name} is not base64: make one with `python -m app.settings`.") from error
    if len(key) != 32 or len(set(key)) < 8:
        raise UnsafeSettings(f"{name} must be 32 random bytes in base64: make one with `python -m app.settings`.")
    return key


def former_master_key(environ: Mapping[str, str]) -> bytes | None:
    """The key that MASTER_KEY takes the place of, while it does; None at all other times. Raises UnsafeSettings."""
    text = environ.get("FORMER_MASTER_KEY", "").strip()
    if not text:
        return None
    if (key := master_key(text, "FORMER_MASTER_KEY")) == master_key(required(environ, "MASTER_KEY")):
        raise UnsafeSettings("FORMER_MASTER_KEY is the same as MASTER_KEY: it is the one that was used until now, or is not set.")
    return key


def required(environ: Mapping[str, str], name: str) -> str:
    """A setting that must be there; raises UnsafeSettings with a sentence that says what to do."""
    value = environ.get(name, "").strip()
    if value in DEFAULTS_NEVER_SAFE:
        raise UnsafeSettings(f"{name} is missing or has a default value: set it in the environment (README, Configuration).")
    return value


def psycopg_url(url: str) -> str:
    """The same address for SQLAlchemy, with psycopg 3 as its driver."""
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def from_environment(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask's configuration, from environment variables.

    Raises UnsafeSettings when a secret is missing or default.
    """
    mode = environ.get("ESSAIMAGE_MODE", "production")
    if mode not in {"production", "demonstration"}:
        raise UnsafeSettings("ESSAIMAGE_MODE is `production` (the default) or `demonstration`.")
    secret = required(environ, "SECRET_KEY")
    if len(secret) < 32:
        raise UnsafeSettings("SECRET_KEY is shorter than 32 characters: make one with `python -m app.settings`.")
    app_url = required(environ, "DATABASE_URL")
    engine = {
        # Server-side prepared statements from the first execution: they refuse a second statement after a semicolon.
        "connect_args": {"prepare_threshold": 0},
        "pool_size": int(environ.get("DATABASE_POOL", "8")),
        "max_overflow": 8,
        "pool_pre_ping": False,
        # What was asked with stays out of the logs: names, addresses, phone numbers.
        "hide_parameters": True,
    }
    few = engine | {"pool_size": 2, "max_overflow": 4}
    return {
        "MODE": mode,
        "SECRET_KEY": secret,
        "MASTER_KEY": master_key(required(environ, "MASTER_KEY")),
        "FORMER_MASTER_KEY": former_master_key(environ),
        "REDIS_URL": required(environ, "REDIS_URL"),
        "SET_CONFIG_OPEN": environ.get("HOST_LEAVES_SET_CONFIG_OPEN", "") == "yes",
        "SQLALCHEMY_DATABASE_URI": psycopg_url(app_url),
        "SQLALCHEMY_ENGINE_OPTIONS": engine,
        "SQLALCHEMY_BINDS": {
            "network": few | {"url": psycopg_url(environ.get("NETWORK_DATABASE_URL") or role_url(app_url, "essaimage_network"))},
            "clerk": few | {"url": psycopg_url(environ.get("CLERK_DATABASE_URL") or role_url(app_url, "essaimage_clerk"))},
        },
        "OWNER_DATABASE_URL": environ.get("OWNER_DATABASE_URL"),
        "PREFERRED_URL_SCHEME": "http" if mode == "demonstration" else "https",
        "SERVER_NAME": environ.get("SERVER_NAME") or None,
        "PUBLIC_URL": environ.get("PUBLIC_URL", f"http://127.0.0.1:{environ.get('PORT', '8000')}"),
        "SESSION_COOKIE_SECURE": mode == "production",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # The cookie outlives the sign-in, so that what was typed after its end can be kept for its author.
        "PERMANENT_SESSION_LIFETIME": timedelta(days=60),
        "SESSION_REFRESH_EACH_REQUEST": False,
        "SIGN_IN_IDLE": timedelta(days=int(environ.get("SIGN_IN_IDLE_DAYS", "14"))),
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
        "BABEL_TRANSLATION_DIRECTORIES": "translations",
        "BOOTSTRAP_SERVE_LOCAL": True,
        "RATELIMIT_STORAGE_URI": required(environ, "REDIS_URL").replace("unix://", "redis+unix://", 1),
        "RATELIMIT_KEY_PREFIX": environ.get("RATELIMIT_KEY_PREFIX", "essaimage"),
        "RATELIMIT_HEADERS_ENABLED": False,
        "COMPRESS_MIMETYPES": ["text/html", "text/css", "text/csv", "application/javascript", "text/javascript", "image/svg+xml", "application/json"],
        "MAIL_BACKEND": environ.get("MAIL_BACKEND", "smtp"),
        "MAIL_SERVER": environ.get("MAIL_SERVER", "localhost"),
        "MAIL_PORT": int(environ.get("MAIL_PORT", "587")),
        "MAIL_USE_TLS": environ.get("MAIL_USE_TLS", "yes") == "yes",
        "MAIL_USERNAME": environ.get("MAIL_USERNAME"),
        "MAIL_PASSWORD": environ.get("MAIL_PASSWORD"),
        "MAIL_DEFAULT_SENDER": environ.get("MAIL_SENDER", "Essaimage <bonjour@essaimage.example>"),
        "BEHIND_PROXY": environ.get("BEHIND_PROXY", "") == "yes",
        "MAILBOX": environ.get("MAILBOX"),
        "HELP_PHONE": environ.get("HELP_PHONE"),
    }


if __name__ == "__main__":
    # A program that refuses to start without secrets cannot be the one that makes them.
    print(f"SECRET_KEY={secrets.token_urlsafe(48)}")
    print(f"MASTER_KEY={base64.b64encode(secrets.token_bytes(32)).decode()}")
