"""How a page is answered: one template, whole; or one named block of it, for a script that asks."""

from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app, render_template, request, url_for
from jinja2_fragments.flask import render_block

from app.db import new_id

FRAGMENT = "X-Fragment"
# The blocks that our scripts ask for. They are written to stand alone; any other leans on what its page sets up.
PIECES = frozenset({"grid", "state"})
NOBODY = UUID(int=0)


def page(template: str, **values: Any) -> str:
    """The rendered page, or only the block that the request names in its X-Fragment header."""
    block = request.headers.get(FRAGMENT)
    if block in PIECES and block in current_app.jinja_env.get_template(template).blocks:
        # Of the names that the page makes at its top a block knows none: what it says is not kept for the page, nor the other way round.
        return render_block(template, block, **values, kept_at=None)
    return render_template(template, **values)


class Addresses(dict[UUID | str, str]):
    """Addresses that differ in one id alone, for a list of fifty rows: url_for() takes 20 µs each time. `place[row.id]`."""

    def __init__(self, endpoint: str, name: str) -> None:
        self.before, self.after = url_for(endpoint, **cast(Any, {name: NOBODY})).split(str(NOBODY))

    def __missing__(self, row_id: UUID | str) -> str:
        return f"{self.before}{row_id}{self.after}"

    def __call__(self, row_id: UUID | str) -> str:
        """The same in Python's words."""
        return self[row_id]


def addresses(endpoint: str, name: str) -> Addresses:
    """The addresses of a list's rows."""
    return Addresses(endpoint, name)


def id_from(text: str | None) -> UUID:
    """The id that a form carries for what it creates; a fresh one if it carries none that can be read."""
    try:
        return UUID(text or "")
    except ValueError:
        return new_id()


def own_address(target: str | None) -> str | None:
    """The target if it is a path of this house, else None: a sign-in never sends anyone elsewhere."""
    if not target:
        return None
    parts = urlsplit(target)
    # Browsers read a backslash as a slash, and `//host` as another house.
    if parts.scheme or parts.netloc or not target.startswith("/") or target.startswith("//") or "\\" in target or "\n" in target:
        return None
    return target
