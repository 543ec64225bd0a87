"""Every template compiles; every page has a title; nothing in it is trusted or inline."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes

ROOT = Path(__file__).parents[2]
FILES = sorted(path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*"))
PAGES = [
    name for name in FILES if name.endswith(".html") and not Path(name).name.startswith("_") and name not in ("_ui/macros.html", "_ui/fields.html")
]

# A rule, what to do, lines it catches, lines it leaves alone.
LINTS = {
    r"\|\s*safe\b|Markup\(|autoescape\s+false": (
        "trusts a text: let Jinja escape it",
        ["{{ name | safe }}", "{{ name|safe }}", "{% autoescape false %}"],
        ["{{ unsafe }}", "{{ _('safe') }}"],
    ),
    r"<[^>{]*\sstyle\s*=|<style\b": (
        "has a style inline, which the Content-Security-Policy refuses: use theme.css",
        ['<p style="x">', "<style>", "<div class='a' style='b'>"],
        ['<p class="style">', '<link rel="stylesheet">'],
    ),
    r"<script(?![^>]*\ssrc=)": (
        "has a script inline, which the Content-Security-Policy refuses: write a module in app/static/js",
        ["<script>", '<script type="module">'],
        ['<script type="module" src="x"></script>'],
    ),
    r"<[^>{]*\son[a-z]+\s*=": (
        "has a handler inline, which the Content-Security-Policy refuses: listen in a module",
        ['<a onclick="x">', '<form class="a" onsubmit = "y">'],
        ['<a data-on="x">', "<p>on=1</p>"],
    ),
    r"(?:src|href|action)=[\"'](?:https?:)?//|javascript:": (
        "fetches from elsewhere: nothing is fetched at run time",
        ['<img src="https://x">', '<a href="//x">', '<a href="javascript:x">'],
        ['<a href="/x">', '<a href="{{ url_for() }}">'],
    ),
}


def caught(pattern, text):
    return [line.strip() for line in text.splitlines() if re.search(pattern, line)]


@pytest.mark.parametrize("name", FILES)
def test_every_template_compiles(house, name):
    assert house.jinja_env.get_template(name) is not None


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_a_title(house, name):
    title = title_of(house, name)
    assert title, f"templates/{name} has no title: add {{% block title %}}{{{{ _('…') }}}}{{% endblock %}}."


def title_of(house, name):
    """Whether the page fills the block of the title with something."""
    tree = house.jinja_env.parse((ROOT / "templates" / name).read_text())
    return any(block.name == "title" and block.body and not is_blank(block) for block in tree.find_all(nodes.Block))


def is_blank(block):
    parts = list(block.find_all(nodes.TemplateData))
    return not list(block.find_all((nodes.Call, nodes.Name))) and not "".join(part.data for part in parts).strip()


@pytest.mark.parametrize("pattern", LINTS, ids=lambda each: LINTS[each][0])
def test_no_template_trusts_or_inlines(pattern):
    sentence, bad, good = LINTS[pattern]
    assert all(caught(pattern, line) for line in bad)
    assert not any(caught(pattern, line) for line in good)
    for name in FILES:
        found = caught(pattern, (ROOT / "templates" / name).read_text())
        assert not found, f"templates/{name} {sentence}: {found[0]}"


def test_blank_titles_are_noticed(house):
    for source, blank in (("{% block title %} {% endblock %}", True), ("{% block title %}{{ _('Équipe') }}{% endblock %}", False)):
        (block,) = house.jinja_env.parse(source).find_all(nodes.Block)
        assert is_blank(block) == blank


def macros_in_its_way(house, source):
    """Names that a page and its layouts import: they stand in its way, whatever the view calls the same."""
    names, tree = set(), house.jinja_env.parse(source)
    while tree is not None:
        for each in tree.find_all(nodes.FromImport):
            names |= {name if isinstance(name, str) else name[1] for name in each.names}
        extends = tree.find(nodes.Extends)
        tree = house.jinja_env.parse((ROOT / "templates" / extends.template.value).read_text()) if extends else None
    return names


def macros_taken_for_values(house, source):
    """Names of macros that a page reads without calling them."""
    tree = house.jinja_env.parse(source)
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    read = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "load" and id(name) not in called}
    return read & macros_in_its_way(house, source)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_a_macro_for_a_value(house, name):
    taken = macros_taken_for_values(house, (ROOT / "templates" / name).read_text())
    assert not taken, f"templates/{name} reads {taken}, which it or its layout imports as a macro: give the value another name."


def test_a_macro_taken_for_a_value_is_noticed(house):
    for source, noticed in (("{{ url_for('x', icon=icon) }}", {"icon"}), ("{{ icon('x') }}", set()), ("{{ token }}", set())):
        assert macros_taken_for_values(house, "{% extends '_layout.html' %}{% block main %}" + source + "{% endblock %}") == noticed
    assert macros_taken_for_values(house, "{% from '_ui/fields.html' import trouble with context %}{{ trouble }}") == {"trouble"}
