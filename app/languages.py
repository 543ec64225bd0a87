"""Messages and dates in the language of the page, each looked up once.

A page asks for a hundred messages and a list for fifty dates. Flask-Babel finds context, locale and catalogue again for every message
(12 µs), Babel reads the pattern again for every date (20 µs) and number (18 µs): together that was a third of the time of a list page.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from functools import lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

import babel.dates
import babel.numbers
from babel import Locale
from babel.support import NullTranslations
from flask import Flask, g, has_app_context, has_request_context
from flask_babel import Babel, Domain, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

# French puts a space before these, and a line must not begin with them; nor with the number of "moins de 8".
HIGH_SIGNS = re.compile(r" (?=[:;?!»])|(?<=«) |(?<=moins de) (?=[%\d])")


@lru_cache(maxsize=8192)
def spaced(text: str) -> str:
    """A French text with spaces that do not break around its high signs."""
    return HIGH_SIGNS.sub("\u00a0", text)


class French(NullTranslations):
    """French messages as they stand in the code, counted as French counts: "0 porte", "1,5 porte", "2 portes" (CLDR)."""

    def ungettext(self, singular: str, plural: str, num: float) -> str:
        """A message that counts. Where one is said in a word, "une porte", nothing else is."""
        only_one = "%(num)" in plural and "%(num)" not in singular
        return singular if num == 1 or (abs(num) < 2 and not only_one) else plural


class Printed(French):
    """The same as a printer sets them: no line of a phone begins with a question mark."""

    def ugettext(self, message: str) -> str:
        """A message."""
        return spaced(message)

    def ungettext(self, singular: str, plural: str, num: float) -> str:
        """A message that counts."""
        return spaced(super().ungettext(singular, plural, num))


class Words(Domain):
    """The messages of pages; mails, files and papers have plain spaces, or set their own."""

    plain, printed = French(), Printed()

    def get_translations(self) -> NullTranslations:
        """The catalogue of the present language."""
        locale = get_locale()
        if locale is not None and locale.language != "fr":
            return super().get_translations()
        return self.printed if has_request_context() else self.plain

    def gettext(self, string: str, **variables: Any) -> str:
        """A message. The catalogue of a page is looked up once for all of its messages."""
        text = str((messages().catalogue if has_app_context() else self.get_translations()).ugettext(string))
        return text % variables if variables else text


class Languages(Babel):
    """Flask-Babel with our catalogue."""

    domain_instance = Words()


def present_locale() -> Locale:
    """The present locale. Flask-Babel keeps it for the request, and takes 8 µs to say so each time: a page asks ten times."""
    kept = vars(g._get_current_object()).get("_flask_babel")
    return getattr(kept, "babel_locale", None) or get_locale()


class Messages(dict[str, Markup]):
    """The messages of one language as pages show them, each looked up when it is first shown. Their texts are those of the templates."""

    def __init__(self, catalogue: NullTranslations) -> None:
        self.catalogue = catalogue

    def __missing__(self, text: str) -> Markup:
        # What has no variables is a format as well, so that "%%" means the same in all messages.
        shown = self[text] = Markup(self.catalogue.ugettext(text)) % {}  # noqa: S704  # our own words, from a template or its translation
        return shown


_messages: WeakKeyDictionary[NullTranslations, Messages] = WeakKeyDictionary()


def messages() -> Messages:
    """Those of the present language. Kept until that language changes, as `force_locale` makes it do."""
    locale = present_locale()
    kept = vars(g._get_current_object()).get("messages")
    if kept is None or kept[0] is not locale:
        catalogue = get_translations()
        kept = g.messages = (locale, _messages.get(catalogue) or _messages.setdefault(catalogue, Messages(catalogue)))
    return cast(Messages, kept[1])


@pass_eval_context
def said(context: EvalContext, text: str, /, **variables: object) -> str:
    """A message of a template in the present language. On a page its variables are escaped; in a mail they are written as they are."""
    if not context.autoescape:
        return str(messages().catalogue.ugettext(text) % variables)
    return messages()[text] if not variables else Markup(messages().catalogue.ugettext(text)) % variables  # noqa: S704  # the same


@lru_cache(maxsize=4096)
def _date(value: date, pattern: str, language: str) -> str:
    # CLDR does not know that French says "1er mars", and every other day by its number.
    if language == "fr" and value.day == 1:
        pattern = pattern.replace("d ", "d'er' ")
    return str(babel.dates.format_date(value, pattern, language))


@lru_cache(maxsize=4096)
def _number(value: float, language: str) -> str:
    return str(babel.numbers.format_decimal(value, locale=language))


def written_date(value: date, pattern: str) -> str:
    """A date, by a pattern of CLDR."""
    return _date(value, pattern, present_locale().language)


def clock(hour: time) -> str:
    """An hour as it is said: "10 h", "10 h 30"; in English "10:30"."""
    if get_locale().language != "fr":
        return f"{hour:%H:%M}"
    # With spaces that do not break: an hour never stands on two lines.
    return f"{hour.hour}\u00a0h\u00a0{hour.minute:02d}" if hour.minute else f"{hour.hour}\u00a0h"


class Dates(dict[date, str]):
    """The dates of a list of fifty, `on[round.day]`, each written when it is first asked for. The language is asked for once."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.language = pattern, present_locale().language

    def __missing__(self, value: date) -> str:
        text = self[value] = _date(value, self.pattern, self.language)
        return text

    def __call__(self, value: date) -> str:
        """The same in Python's words."""
        return self[value]


def dates(pattern: str) -> Dates:
    """Writes the dates of a list by a pattern of CLDR."""
    return Dates(pattern)


def written_number(value: float) -> str:
    """A number, its thousands apart."""
    # Below a thousand nothing is grouped, in any language.
    return str(value) if isinstance(value, int) and 0 <= value < 1000 else _number(value, present_locale().language)


# An h that is not heard, as names begin with it; the others keep their "de": de Hassan, de Hamid.
SILENT = ("hel", "hen", "her", "hil", "hip", "hom", "hon", "hor", "hub", "hug", "hya")


def of(name: str | None) -> str:
    """Whose something is, for a message that has "%(of_name)s": "de Marcel", "d’Yvonne", "du voisin". In English the name alone."""
    name = name or ""
    if present_locale().language != "fr":
        return name
    plain = unicodedata.normalize("NFD", name.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    for article, joined in (("le ", "du "), ("les ", "des ")):
        if letters.startswith(article):
            return joined + name[len(article) :]
    # Yvonne, but Yann: a y before a vowel is none.
    heard = letters[:1] in "aeiouœæ" or (letters[:1] == "y" and letters[1:2] not in "aeiou") or letters.startswith(SILENT)
    return f"d’{name}" if letters and heard else f"de {name}"


def begun(text: str) -> str:
    """The first letter large and the others as they are; Jinja's own filter writes "Tuesday 8 december"."""
    return text[:1].upper() + text[1:]


class Spelled(dict[object, str]):
    """Lazy names as text, each looked up when it is first asked for."""

    def __init__(self, names: Mapping[Any, object]) -> None:
        self.names = names

    def __missing__(self, key: object) -> str:
        text = self[key] = str(self.names[key])
        return text


class Marked(dict[object, Markup]):
    """Names in the same markup, each where "…" stands in it."""

    def __init__(self, names: Mapping[Any, str], around: Markup) -> None:
        self.names = names
        self.before, _mark, self.after = str(around).partition("…")

    def __missing__(self, key: object) -> Markup:
        text = self[key] = Markup(f"{self.before}{self.names[key]}{self.after}")  # noqa: S704  # our own names, in markup of our own
        return text


def numbers() -> Callable[[float], str]:
    """Writes the numbers of a long table: the language is asked for once."""
    language = present_locale().language
    return lambda value: str(value) if isinstance(value, int) and 0 <= value < 1000 else _number(value, language)


def speak(house: Flask) -> None:
    """Let templates find their messages here."""
    house.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # the i18n extension adds it
        lambda text: messages().catalogue.ugettext(text),
        lambda singular, plural, number: messages().catalogue.ungettext(singular, plural, number),
        newstyle=True,
    )
    house.jinja_env.globals["_"] = said
    house.jinja_env.filters.update(spelled=Spelled, capitalize=begun, marked=Marked)
    house.jinja_env.globals.update(dates=dates, of=of)
