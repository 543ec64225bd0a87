"""Words: the glossary's are classes, the indicators are counted and shown, the messages are translated."""

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.db import Model, db
from app.outreach.models import OutreachKind
from tenants import ledger
from tenants.groups import FIRST, GROUPS, MOST, Group
from tenants.indicators import CATALOGUE, SHOWN
from tenants.months import bounds

ROOT = Path(__file__).parents[2]
TRANSLATIONS = ROOT / "app" / "translations"
# Words of the glossary, each with the folder of its room; once the room is there, so is the class.
GLOSSARY = {
    "Collective": "tenants",
    "Membership": "tenants",
    "Figure": "tenants",
    "OutreachKind": "app/outreach",
    "Round": "app/outreach",
    "Encounter": "app/outreach",
    "Person": "app/people",
    "Pair": "app/people",
    "ContactCircles": "app/people",
    "Prescription": "app/referral",
    "Referral": "app/referral",
    "Resource": "app/referral",
    "HomeMeeting": "app/people",
    "Course": "app/training",
    "TrainingSession": "app/training",
    "CoursePlan": "app/training",
    "DropIn": "app/followup",
    "HeartBond": "app/followup",
    "Practice": "app/community",
    "CommunityDay": "app/community",
    "ActiveNeighbour": "app/mutual_aid",
    "LocalProfessional": "app/mutual_aid",
    "HelpRequest": "app/mutual_aid",
}
KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2), "lazy_ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@pytest.mark.parametrize("word", GLOSSARY)
def test_every_word_of_the_glossary_is_a_class_once_its_room_is_built(word):
    room = ROOT / GLOSSARY[word]
    if not (room / "__init__.py").exists():
        assert word not in {mapper.class_.__name__ for mapper in Model.registry.mappers}, f"{word} lives outside of its room, {GLOSSARY[word]}."
        return
    declared = re.compile(rf"^class {word}\b", re.MULTILINE)
    assert any(declared.search(path.read_text()) for path in room.glob("*.py")), f"{GLOSSARY[word]} has no class {word}: the glossary promises it."


def test_all_six_kinds_of_outreach_are_there():
    six = ["door_to_door", "phoning", "street_walk", "courtesy_visit", "solidarity_ride", "project_support"]
    assert [each.value for each in OutreachKind] == six


def test_every_indicator_is_counted_shown_and_explained(house, saint_mars):
    with saint_mars.at_home():
        month = db.session.scalars(ledger.months_counted()).first()
        counted = set().union(*(counter(*bounds(month)) for counter in [*ledger.counters, *ledger.once_counters]))
    missing = CATALOGUE.keys() - counted
    assert not missing, f"No room counts {sorted(missing)}: register a counter with @ledger.counts."
    assert counted <= CATALOGUE.keys(), f"{sorted(counted - CATALOGUE.keys())} are counted but not in tenants/indicators.py."
    unshown = {code for code, each in CATALOGUE.items() if each.kept == "sum"} - set(SHOWN)
    assert not unshown, f"{sorted(unshown)} are counted for nobody: add them to SHOWN (tenants/indicators.py)."
    assert set(SHOWN) <= CATALOGUE.keys()
    sources = "".join(path.read_text() for folder in ("app", "templates") for path in (ROOT / folder).rglob("*.*") if path.suffix in (".py", ".html"))
    for code, each in CATALOGUE.items():
        assert code in SHOWN or f'"{code}"' in sources, f"{code} is a state that no page reads."
        with house.test_request_context():
            assert str(each.label), f"{code} has no label."
            assert str(each.unit), f"{code} has no unit."
            assert str(each.explained).endswith("."), f"{code} is not explained in a sentence."


def check_groups(groups, shown):
    """Seven at most stand side by side, and each has one place besides the first group."""
    for group in groups:
        assert len(group.codes) <= MOST, f"{group.code} is too wide for a page: split it (tenants/groups.py)."
    placed = [code for group in groups if group.code != FIRST for code in group.codes]
    assert len(placed) == len(set(placed)), "An indicator stands in two groups (tenants/groups.py)."
    assert set(placed) == set(shown), f"{sorted(set(shown) ^ set(placed))}: each indicator of SHOWN has one group in tenants/groups.py."


def test_every_indicator_has_a_group_narrow_enough_for_a_page():
    check_groups(GROUPS.values(), SHOWN)
    with pytest.raises(AssertionError, match="one group"):
        check_groups(GROUPS.values(), [*SHOWN, "storks"])
    with pytest.raises(AssertionError, match="too wide"):
        check_groups([Group("all", "tout", SHOWN)], SHOWN)


HAND_WRITTEN_FIGURE = re.compile(r'class="fig\b(?!s)')


def check_labels_come_from_the_catalogue(source, where):
    assert not HAND_WRITTEN_FIGURE.search(source), f"{where} writes a figure by hand: use the macro fig(), which takes its name from the catalogue."


def test_figures_of_the_ledger_take_their_names_from_the_catalogue():
    """Pages of the network and of the desks show the ledger; what a round tallies on its own page is no indicator."""
    pages = [path for folder in ("network", "desk") for path in (ROOT / "templates" / folder).rglob("*.html")]
    assert len(pages) > 5
    for path in pages:
        check_labels_come_from_the_catalogue(path.read_text(), path.name)
    check_labels_come_from_the_catalogue('<dl class="figs">{{ fig(each, 3) }}</dl>', "good.html")
    with pytest.raises(AssertionError, match="by hand"):
        check_labels_come_from_the_catalogue('<div class="fig"><dt>Portes</dt><dd>3</dd></div>', "bad.html")


def visible(folder):
    """Babel leaves out folders that begin with an underscore; ours holds the macros."""
    return not Path(folder).name.startswith(".")


# Without it Babel passes over a page that has a tag of ours, in silence.
TAGS = {"**.html": {"extensions": "app.kept.Kept,tenants.unchanged.Unchanged"}}


def messages_of_the_source():
    """Every message that the sources ask for."""
    template = Catalog()
    python, pages = [("**.py", "python")], [("**.html", "jinja2"), ("**.txt", "jinja2")]
    for folder, mapping in {"app": python, "tenants": python, "workers": python, "templates": pages}.items():
        for _file, _line, message, _comments, _context in extract_from_dir(str(ROOT / folder), mapping, TAGS, KEYWORDS, directory_filter=visible):
            template.add(message)
    return template


@pytest.fixture
def english():
    with (TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def texts(part):
    return list(part) if isinstance(part, (list, tuple)) else [part]


def check_translated(source, catalogue):
    asked = {each.id: each for each in source if each.id}
    known = {each.id: each for each in catalogue if each.id}
    missing = [key for key in asked if key not in known or not all(texts(known[key].string)) or known[key].fuzzy]
    assert not missing, f"{len(missing)} messages have no English: run `make messages`, then translate {missing[:5]}."
    spare = [key for key in known if key not in asked]
    assert not spare, f"{len(spare)} translations are of messages that nobody says any more; run `make messages`: {spare[:5]}."
    for key, each in known.items():
        said = {name for text in texts(key) for name in PLACEHOLDER.findall(text)}
        for text in texts(each.string):
            assert set(PLACEHOLDER.findall(text)) <= said, f"The English of {key!r} uses a placeholder that the French has not."
        used = {name for text in texts(each.string) for name in PLACEHOLDER.findall(text)}
        assert used == said, f"The English of {key!r} leaves out {said - used}."


def test_every_message_is_translated(english):
    source = messages_of_the_source()
    assert len(source) > 100
    check_translated(source, english)


@pytest.mark.parametrize(
    "spoiled",
    ['msgid "Bonjour"\nmsgstr ""\n', 'msgid "Bonjour"\nmsgstr "Hello"\n\nmsgid "Adieu"\nmsgstr "Farewell"\n', 'msgid "Salut"\nmsgstr "Hi"\n'],
    ids=["empty", "outdated", "missing"],
)
def test_a_gap_in_the_translation_is_noticed(spoiled):
    source = Catalog()
    source.add("Bonjour")
    with pytest.raises(AssertionError):
        check_translated(source, read_po(io.BytesIO(spoiled.encode()), locale="en"))


def test_a_placeholder_that_differs_is_noticed():
    source = Catalog()
    source.add("%(num)d portes")
    for english in ("%(count)d doors", "doors"):
        spoiled = f'msgid "%(num)d portes"\nmsgstr "{english}"\n'
        with pytest.raises(AssertionError, match=r"placeholder|leaves out"):
            check_translated(source, read_po(io.BytesIO(spoiled.encode()), locale="en"))
