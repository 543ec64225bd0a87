"""The Flask of this house: one request is one transaction, and an address that was made once is remembered."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, Response, after_this_request, g, has_request_context, request
from flask.typing import ResponseReturnValue

from app.cookies import Cookies
from app.printing import Press
from app.transaction import Errand, hand_over, transaction

# A megabyte at most. Full, it begins anew.
MOST = 10_000
# What an address may carry beside ids to be remembered: a page, a month, one list or the other; nothing that somebody typed.
SWITCHES = frozenset({"liste", "page", "year", "mois", "groupe", "_anchor"})
# What stands for an id in an address that is remembered: nobody can call a collective like it.
MARK = uuid4().int & ~0xFFFF


class House(Flask):
    """Flask, with one transaction around each request."""

    jinja_environment = Press

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.addresses: dict[tuple[Any, ...], str] = {}
        self.session_interface = Cookies()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: this house has no coroutines, and Flask asks eighteen functions a request whether they are one."""
        return func

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view inside the one transaction of its request."""
        with transaction(self._once_answered):
            return super().dispatch_request()

    def _once_answered(self, errands: list[Errand]) -> None:
        """Hand errands over when the answer is on its way: who taps on a phone does not wait for a queue. Lost here, they wait for the clerk."""

        def close() -> None:
            with self.app_context():
                hand_over(errands)

        @after_this_request
        def answered(response: Response) -> Response:
            response.call_on_close(close)
            return response

    def url_for(self, /, endpoint: str, **values: Any) -> str:
        """An address. Those of one workspace that name the same switches differ in their ids alone: Flask takes 20 µs for each, a page has sixty."""
        ids = {name: each for name, each in values.items() if isinstance(each, UUID)}
        # Flask's own function names what it was not told as well.
        others = [(name, each) for name, each in values.items() if name not in ids and (each is not None or name[:1] != "_")]
        if not has_request_context() or endpoint[:1] == "." or not all(name in SWITCHES for name, _each in others):
            return super().url_for(endpoint, **values)
        key = (endpoint, g.get("slug"), request.script_root, *ids, *others)
        pattern = self.addresses.get(key)
        if pattern is None:
            if len(self.addresses) >= MOST:
                self.addresses.clear()
            marks: dict[str, Any] = {name: UUID(int=MARK + number) for number, name in enumerate(ids)}
            pattern = super().url_for(endpoint, **{**values, **marks}).replace("{", "{{").replace("}", "}}")
            for number, mark in enumerate(marks.values()):
                pattern = pattern.replace(str(mark), f"{{{number}}}")
            self.addresses[key] = pattern
        return pattern.format(*ids.values())
