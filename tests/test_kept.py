"""What is kept of a page is kept for one place, one language, and what its tag names; what it forgets to name does not compile."""

import itertools

import pytest
from flask import Flask, g, render_template
from flask_babel import force_locale
from jinja2 import DictLoader, TemplateSyntaxError

from app.kept import standing
from app.pages import FRAGMENT, page
from tests.cast import Crew

SIGN = "{% kept colour %}<p>{{ colour }} {{ asset() }}</p>{% endkept %}"


@pytest.mark.parametrize(
    "part", ["{{ person.name }}", "{{ me.name }}", "{% if closed %}x{% endif %}", "{{ url_for('a.b', row=row.id) }}", "{{ token() }}"]
)
def test_a_part_that_uses_what_its_tag_forgets_does_not_compile(house: Flask, part: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="name it in its tag"):
        house.jinja_env.from_string("{% kept closed.x, me.language %}" + part + "{% endkept %}")


def test_a_part_may_use_what_its_tag_names_and_what_it_makes_itself(house: Flask) -> None:
    part = (
        "{% kept me.name, closed %}{% set x = closed %}{{ me.name }}{{ x }}{{ _('Menu') }}{% for each in (1, 2) %}{{ each }}{% endfor %}{% endkept %}"
    )
    assert house.jinja_env.from_string(part) is not None


def test_a_part_is_rendered_once_for_each_place_language_and_value(house: Flask, saint_mars: Crew, ranzay: Crew) -> None:
    strokes = itertools.count(1)
    sign = house.jinja_env.overlay(loader=DictLoader({"sign.html": SIGN})).get_template("sign.html")

    def rendered(colour: str, slug: str, language: str = "fr") -> str:
        with house.test_request_context():
            g.slug = slug
            return sign.render(colour=colour, kept_at=standing(language), asset=lambda: next(strokes))

    first = rendered("green", saint_mars.slug)
    assert (first, rendered("green", saint_mars.slug)) == ("<p>green 1</p>", "<p>green 1</p>")
    assert rendered("lavender", saint_mars.slug) == "<p>lavender 2</p>"
    assert rendered("green", ranzay.slug) == "<p>green 3</p>"
    assert rendered("green", saint_mars.slug, "en") == "<p>green 4</p>"


def test_a_page_may_call_something_of_its_own_like_the_place(house: Flask, saint_mars: Crew, ranzay: Crew) -> None:
    text = "{% macro kept_at() %}{% endmacro %}{% set standing = 'here' %}{% kept %}{{ asset() }}{% endkept %}"
    sign = house.jinja_env.overlay(loader=DictLoader({"own.html": text})).get_template("own.html")
    seen = []
    for slug in (saint_mars.slug, ranzay.slug, saint_mars.slug):
        with house.test_request_context():
            g.slug = slug
            seen.append(sign.render(kept_at=standing("fr"), asset=lambda slug=slug: slug))
        with house.test_request_context():
            assert sign.render(kept_at="anything", asset=lambda: "not kept") == "not kept"
    assert seen == [saint_mars.slug, ranzay.slug, saint_mars.slug]


def test_the_frame_of_a_page_leads_to_ones_own_collective(saint_mars: Crew, ranzay: Crew) -> None:
    for crew in (saint_mars, ranzay, saint_mars):
        text = crew.coordinator.get("outreach.index").text
        assert f'href="/c/{crew.slug}/personnes/"' in text
        assert {part.split("/")[0] for part in text.split('"/c/')[1:]} == {crew.slug}


def test_what_is_kept_is_in_the_language_it_is_kept_for(house: Flask, saint_mars: Crew) -> None:
    # A page in another language than its reader's: the messages say which, not the account or the browser.
    text = house.jinja_env.overlay(loader=DictLoader({"said.html": "{{ language }} {% kept %}{{ _('Mon compte') }}{% endkept %}"})).get_template(
        "said.html"
    )
    with house.test_request_context(headers={"Accept-Language": "fr"}):
        with force_locale("en"):
            assert render_template(text) == "en My account"
        assert render_template(text) == "fr Mon compte"


def test_a_piece_of_a_page_is_neither_kept_nor_shown_from_what_was(house: Flask) -> None:
    """A piece does not know what its page makes at its top: what it says by the same name may be something else."""
    text = "{% macro asset(name) %}own{% endmacro %}{% block grid %}{% kept %}{{ asset('icons.svg')[:4] }}{% endkept %}{% endblock %}"
    house.jinja_env.loader, loader = DictLoader({"piece.html": text}), house.jinja_env.loader
    try:
        for headers, said in (({FRAGMENT: "grid"}, "/sta"), ({}, "own"), ({FRAGMENT: "grid"}, "/sta")):
            with house.test_request_context(headers=headers):
                assert page("piece.html") == said
    finally:
        house.jinja_env.loader = loader


def test_a_block_that_no_script_asks_for_is_not_given_alone(saint_mars: Crew) -> None:
    """It leans on what its page sets up."""
    address = saint_mars.coordinator.address("outreach.index")
    answer = saint_mars.coordinator.client.get(address, headers={FRAGMENT: "list"})
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
