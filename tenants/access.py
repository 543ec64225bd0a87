"""Who may do what, as one table that can be read aloud.

Views carry `@may("…")`. What one may not do answers like what does not exist: 404.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

from flask import abort, g, request

from tenants.models import Role
from tenants.scope import place

COORDINATOR, VOLUNTEER, TRAINER, OBSERVER = Role.coordinator, Role.volunteer, Role.trainer, Role.observer

PERMISSIONS: dict[str, frozenset[Role]] = {
    "enter": frozenset({COORDINATOR, VOLUNTEER, TRAINER, OBSERVER}),
    "read the figures": frozenset({COORDINATOR, VOLUNTEER, TRAINER, OBSERVER}),
    "see rounds": frozenset({COORDINATOR, VOLUNTEER}),
    "plan a round": frozenset({COORDINATOR}),
    "prepare buildings": frozenset({COORDINATOR, VOLUNTEER}),
    "log an encounter": frozenset({COORDINATOR, VOLUNTEER}),
    "close a round": frozenset({COORDINATOR, VOLUNTEER}),
    "reopen a round": frozenset({COORDINATOR}),
    "see people": frozenset({COORDINATOR, VOLUNTEER}),
    "open a file": frozenset({COORDINATOR, VOLUNTEER}),
    "write to a file": frozenset({COORDINATOR, VOLUNTEER}),
    "steer a file": frozenset({COORDINATOR}),
    "see resources": frozenset({COORDINATOR, VOLUNTEER}),
    "keep resources": frozenset({COORDINATOR}),
    "refer": frozenset({COORDINATOR, VOLUNTEER}),
    "see tasks": frozenset({COORDINATOR, VOLUNTEER}),
    "see the follow-up": frozenset({COORDINATOR, VOLUNTEER}),
    "set the permanences": frozenset({COORDINATOR}),
    "host": frozenset({COORDINATOR, VOLUNTEER}),
    "run an activity": frozenset({COORDINATOR, VOLUNTEER}),
    "note who came": frozenset({COORDINATOR, VOLUNTEER}),
    "speak with the network": frozenset({COORDINATOR}),
    "decide on prescriptions": frozenset({COORDINATOR}),
    "keep partners": frozenset({COORDINATOR}),
    "run a course": frozenset({COORDINATOR, TRAINER}),
    "read the report": frozenset({COORDINATOR, VOLUNTEER, TRAINER, OBSERVER}),
    "write the report": frozenset({COORDINATOR}),
    "see the team": frozenset({COORDINATOR}),
    "invite": frozenset({COORDINATOR}),
    "change the team": frozenset({COORDINATOR}),
    "take up what was typed": frozenset({COORDINATOR, VOLUNTEER, TRAINER, OBSERVER}),
}

# What shows the file of a person. Behind these one needs a second step at sign-in (app/accounts/gate.py).
READS_FILES = frozenset({"see people", "write to a file", "steer a file", "see tasks", "refer", "decide on prescriptions", "note who came"})

View = TypeVar("View", bound=Callable[..., Any])
refusals = logging.getLogger("essaimage.refused")


def allowed(action: str) -> bool:
    """Whether the present member may do this. KeyError for an action the table does not know."""
    membership = g.get("membership")
    return membership is not None and membership.role in PERMISSIONS[action]


def reads_files(role: Role) -> bool:
    """Whether someone of this role may read the file of a person, of their own or of all."""
    return any(role in PERMISSIONS[action] for action in READS_FILES)


def refuse(reason: str) -> NoReturn:
    """Answer 404 and log the refusal, where no rollback takes it back: who, what, where from; no content, and one line whatever is asked.

    Always raises.
    """
    refusals.warning("refused: %s user=%s collective=%s %s %s", reason, place().user_id, place().collective_id, request.method, quote(request.path))
    abort(404)


def may(action: str) -> Callable[[View], View]:
    """Let only the roles of `action` into a workspace view."""
    if action not in PERMISSIONS:
        raise KeyError(f"No such permission: {action}. Add it to tenants/access.py.")

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not allowed(action):
                refuse(f"may not {action}")
            return view(*args, **kwargs)

        guarded.permission = action  # type: ignore[attr-defined]  # read by the house tests and the crawl
        return guarded  # type: ignore[return-value]  # same signature as the view it wraps

    return guard
