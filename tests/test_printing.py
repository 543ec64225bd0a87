"""What a template prints is what MarkupSafe would escape, whatever it is given."""

import pytest
from flask import Flask
from flask_babel import lazy_gettext
from hypothesis import given
from hypothesis import strategies as some
from markupsafe import Markup, escape

from app.printing import printed


class Word(str):
    """Text of a type of its own."""


class Sign:
    """Something that writes its own markup."""

    def __html__(self) -> str:
        return "<b>!</b>"


@given(some.text() | some.text("<>&'\"é ", max_size=6) | some.integers() | some.none() | some.floats() | some.lists(some.text("<a", max_size=3)))
def test_what_is_printed_is_escaped_as_ever(value: object) -> None:
    assert str(printed(value)) == str(escape(value))


@pytest.mark.parametrize("value", [Markup("<i>"), Word("<i>"), Word("i"), Sign(), lazy_gettext("L’<équipe>"), b"<i>"])
def test_other_kinds_of_text_too(house: Flask, value: object) -> None:
    with house.test_request_context():
        assert str(printed(value)) == str(escape(value))


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ value }}", "&lt;script&gt;"),
        ("{{ value | safe }}", "<script>"),
        ("{{ 'a' ~ value }}", "a&lt;script&gt;"),
        ('<a title="{{ value }}">', '<a title="&lt;script&gt;">'),
        ("{% set kept %}<b>{{ value }}</b>{% endset %}{{ kept }}", "<b>&lt;script&gt;</b>"),
        ("{% macro shown(x) %}<b>{{ x }}</b>{% endmacro %}{{ shown(value) }}", "<b>&lt;script&gt;</b>"),
        ("{% set kept %}{{ value }}{% endset %}{{ kept ~ value }}", "&lt;script&gt;&lt;script&gt;"),
        ("{{ [value] | join(value) }}{{ [value, value] | join(', ') }}", "&lt;script&gt;&lt;script&gt;, &lt;script&gt;"),
        ("{% filter upper %}{{ value }}{% endfilter %}", "&LT;SCRIPT&GT;"),
        ("{% autoescape false %}{{ value }}{% endautoescape %}", "<script>"),
        ("{% call shown() %}{{ value }}{% endcall %}", "[&lt;script&gt;]"),
    ],
)
def test_in_a_template(house: Flask, template: str, shown: str) -> None:
    source = "{% macro shown() %}[{{ caller() }}]{% endmacro %}" + template
    assert house.jinja_env.from_string(source).render(value="<script>") == shown


def test_a_message_may_call_its_variables_as_it_likes(house: Flask) -> None:
    with house.test_request_context():
        page = house.jinja_env.from_string("{{ _('%(text)s, %(context)s: 100 %%', text=value, context=value) }}")
        assert page.render(value="<b>") == "&lt;b&gt;, &lt;b&gt;: 100 %"
