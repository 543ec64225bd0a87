"""`{% unchanged %}`: a part of a page that is made of rows, kept until someone writes to a table that it was made of.

    {% unchanged month %}<h2>…</h2>{% for each in month.outings() %}…{% endfor %}{% endunchanged %}

The part asks for its rows itself, so that a part that is kept asks for none. Which tables it reads is not declared but heard while it is made;
their stamps (tenants/stamps.py) are compared each time it is shown. If one of them has no stamp, or if the present transaction has written
itself, nothing is kept. What else it depends on is named in its tag, as for `{% kept %}`: the day, the reader, their role.
"""

import math
import time
from collections.abc import Callable, Hashable
from typing import ClassVar, NamedTuple
from uuid import UUID

from jinja2.environment import Environment
from jinja2.runtime import Context

from app.db import db
from app.kept import Kept, Standing
from tenants.keys import forget_keys
from tenants.scope import place
from tenants.stamps import has_written, reading, stamped, stamps

# Some four megabytes at most. Full, it begins anew.
MOST = 200
# In seconds. No name stays longer than that in the memory of a web server that goes on working. What depends on the hour names it in its tag.
LONGEST = 300.0


class Made(NamedTuple):
    """A part, with the stamps of the tables it was made of, and until when it is good."""

    text: str
    of: dict[str, UUID | None]
    until: float


class Unchanged(Kept):
    """The tag."""

    tags: ClassVar[set[str]] = {"unchanged"}  # type: ignore[misc]  # as in Kept
    harmless: ClassVar[frozenset[str]] = frozenset(
        {
            *("addresses", "dates", "empty", "fig", "figure", "hours", "indicator", "pages", "people", "state_badge"),
            *("KIND_NAMES", "KIND_SIGNS", "permanence_card", "second_step_reminder", "task_cards", "the_others"),
        }
    )

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.made: dict[Hashable, Made] = {}
        # When the first of them is over.
        self.until = math.inf

    def keep(self, context: Context, template: str, mark: str, values: tuple[Hashable, ...], caller: Callable[[], str]) -> str:
        """The part as it was made before, if nothing that it is made of was written to; or made now."""
        here, collective_id = context.parent.get("kept_at"), place().collective_id
        # As `Kept.keep`; and from outside nobody knows whose stamps to ask for.
        if self.environment.auto_reload or not template or not isinstance(here, Standing) or collective_id is None or has_written():
            return caller()
        key = (collective_id, template, mark, here, values)
        # Asked before anything is read: what is written meanwhile has another stamp by the next time.
        present, moment = stamps(), time.monotonic()
        if moment >= self.until:
            self._forget(moment)
        known = self.made.get(key)
        if known is not None and moment < known.until and all(present.get(table) == stamp for table, stamp in known.of.items()):
            return known.text
        # Nor may it be made of what was read before: of rows that the session would give again as they were, or names under former keys.
        fresh = not len(db.session().identity_map)
        forget_keys()
        with reading() as read:
            text = caller()
        if fresh and read <= stamped() and not has_written():
            if len(self.made) >= MOST:
                self.made.clear()
            self.made[key] = Made(text, {table: present.get(table) for table in read}, moment + LONGEST)
            self.until = min(self.until, moment + LONGEST)
        return text

    def _forget(self, moment: float) -> None:
        """Let go of what is over."""
        self.until = math.inf
        for key, each in list(self.made.items()):
            if moment >= each.until:
                self.made.pop(key, None)
            else:
                self.until = min(self.until, each.until)
