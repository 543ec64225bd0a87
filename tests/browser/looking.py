"""How a page is looked at: by axe, for its width, for what is too small to touch; in the dark for its colours."""

import re
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

# Of what it has nothing to say against axe need not tell every element.
VIOLATIONS = {"resultTypes": ["violations"]}
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}} | VIOLATIONS
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}} | VIOLATIONS
SMALL = """[...document.querySelectorAll("main button, main .btn, main .form-control, .rooms a, .tap label")]
    .filter(each => each.offsetParent && each.getBoundingClientRect().height < 47).map(each => each.outerHTML.slice(0, 80))"""
WIDER = "document.documentElement.scrollWidth - innerWidth"
# What a page is made of: each kind of element with its classes and roles, once.
MADE_OF = """[...new Set([...document.querySelectorAll("*")].map(each => [each.tagName, each.getAttribute("class"), each.getAttribute("role"),
    each.getAttribute("type")].join()))].sort().join("\\n")"""
ID = re.compile(r"[0-9a-f-]{36}")
# What a rule has nothing to say against stays in the browser: it is nine tenths of the answer.
ASKED = "([context, options]) => axe.run(context ?? document, options).then(found => ({violations: found.violations}))"
_seen: set[tuple[str, str]] = set()


def axe(page: Any, rules: dict[str, Any], context: str | None = None) -> AxeResults:
    """What axe objects to on a page, or in a part of it. A page takes it in once, half a megabyte, for however many looks."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return AxeResults(page.evaluate(ASKED, [context, rules]))


def looked_at(page: Any, dark: bool = False) -> None:
    """Nothing that axe objects to, nothing wider than the phone, nothing too small to touch.

    A journey comes to a page again and again: axe looks when it is made of something that it was not made of before.
    """
    page.wait_for_load_state()
    made = (ID.sub("ID", urlsplit(page.url).path), page.evaluate(MADE_OF))
    if made not in _seen:
        _seen.add(made)
        # As tall as the page: what sticks to the foot of the screen hides what one is about to scroll past.
        page.set_viewport_size({"width": 360, "height": 4000})
        for theme, rules in (("dark", CONTRAST), ("light", RULES)) if dark else (("light", RULES),):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            found = axe(page, rules)
            assert found.violations_count == 0, f"{page.url} ({theme}): {found.generate_report()}"
        page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate(WIDER) <= 0, page.url
    small = page.evaluate(SMALL)
    assert not small, f"{page.url}: {small}"
