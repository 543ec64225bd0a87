"""`{% kept %}`: a part of a page that is the same for everyone who stands at the same place, rendered once and kept.

    {% kept membership.role, room %}<nav>…</nav>{% endkept %}

A list page is fifty rows in a frame of forty messages and twenty addresses, and the frame took longer than the rows. What a part
depends on is named in its tag; workspace, language and address of the house count by themselves. A part that uses anything else does not
compile, so that nobody's name can be shown to someone else because a key forgot it.
"""

from collections.abc import Callable, Hashable
from typing import Any, ClassVar, NamedTuple

from flask import g, has_request_context, request
from jinja2 import nodes
from jinja2.environment import Environment
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context

# The same for everyone, or a function of what is written in its brackets and of what counts by itself.
HARMLESS = {
    "_",
    "ngettext",
    "url_for",
    "asset",
    "bootstrap",
    "config",
    "icon",
    "logo",
    "mark",
    "code_box",
    "ROLE_NAMES",
    "language",
    "none",
    "caller",
}
# Some two megabytes at most. Full, it begins anew: what is asked for again and again is back at once.
MOST = 1000


class Kept(Extension):
    """The tag."""

    tags: ClassVar[set[str]] = {"kept"}  # type: ignore[misc]  # an instance variable in the library, which never writes it
    # Names that are harmless in this tag besides those that always are.
    harmless: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.parts: dict[Hashable, str] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        """Turn the tag into a call of `keep` with the values that it names."""
        first = next(parser.stream)
        tag, line = first.value, first.lineno
        key = parser.parse_tuple(with_condexpr=True) if parser.stream.current.type != "block_end" else nodes.Tuple([], "load")
        body = parser.parse_statements((f"name:end{tag}",), drop_needle=True)
        # What is named whole is named with all that it knows; it is a key, and so does not change.
        named = used(key)
        forgotten = {name for part in body for name in used(part)} - named
        forgotten = {name for name in forgotten if name.partition(".")[0] not in HARMLESS | self.harmless | named | written(body)}
        if forgotten:
            parser.fail(f"A kept part uses {', '.join(sorted(forgotten))}: name it in its tag, or leave it outside.", line)
        values = [
            nodes.ContextReference(),
            nodes.Const(parser.name or ""),
            # Two tags in one line are two.
            nodes.Const(parser.free_identifier(line).name),
            key if isinstance(key, nodes.Tuple) else nodes.Tuple([key], "load"),
        ]
        return nodes.CallBlock(self.call_method("keep", values), [], [], body).set_lineno(line)

    def keep(self, context: Context, template: str, mark: str, values: tuple[Hashable, ...], caller: Callable[[], str]) -> str:
        """The part as it was rendered here before, or rendered now."""
        # As it was when rendering began: a page may call something of its own by any name.
        here = context.parent.get("kept_at")
        # While templates are being written a line may say something else in a minute; and a text that is no file has no name.
        if self.environment.auto_reload or not template or not isinstance(here, Standing):
            return caller()
        key = (template, mark, here, values)
        part = self.parts.get(key)
        if part is None:
            if len(self.parts) >= MOST:
                self.parts.clear()
            part = self.parts[key] = caller()
        return part


class Standing(NamedTuple):
    """Where a page stands, for its kept parts: what `url_for` and the messages depend on without being told."""

    slug: str | None
    language: str
    root: str


def standing(language: str) -> Standing | None:
    """Where the page of the present request stands. None for a mail, which has none."""
    return Standing(g.get("slug"), language, request.script_root) if has_request_context() else None


def used(node: nodes.Node) -> set[str]:
    """The names that are read in a piece of a template, with what is asked of them: {"me.name", "closed"}."""
    if isinstance(node, nodes.Name):
        return {node.name} if node.ctx == "load" else set()
    if isinstance(node, nodes.Include):
        # It knows everything that the page knows.
        return {"include"}
    if isinstance(node, nodes.Getattr) and (text := _dotted(node)):
        return {text}
    names = {name for child in node.iter_child_nodes() for name in used(child)}
    # A loop knows where it is; what it goes through may ask for that of the loop around it.
    return {name for name in names if name.partition(".")[0] != "loop"} | used(node.iter) if isinstance(node, nodes.For) else names


def _dotted(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    inner = _dotted(node.node) if isinstance(node, nodes.Getattr) else None
    return f"{inner}.{node.attr}" if inner and isinstance(node, nodes.Getattr) else None


def written(body: list[nodes.Node]) -> set[str]:
    """The names that a piece of a template makes itself: what it sets and loops over, its macros and what they take."""
    names: set[Any] = {name.name for part in body for name in part.find_all(nodes.Name) if name.ctx in {"store", "param"}}
    return names | {each.name for part in body for kind in (part, *part.find_all(nodes.Macro)) if isinstance(each := kind, nodes.Macro)}
