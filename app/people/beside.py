"""Two writers of one file, one note or one draft: what it says now, beside what the second of them typed."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from app.db import db
from app.people.models import Person
from app.people.queries import names_of
from app.people.words import AGE_NAMES, NEED_NAMES, language_name
from tenants.journal import JournalLine, lines_about

TEXTS = ("name", "street", "phone", "reached", "likes", "gives")
LISTS: dict[str, Callable[[str], str]] = {"languages": language_name, "needs": lambda code: str(NEED_NAMES.get(code, code))}


def differing(kept: Any, form: FlaskForm, names: Iterable[str] = TEXTS) -> list[tuple[str, str]]:
    """Label and present text of each of these texts that reads otherwise in the form."""
    texts = ((name, getattr(kept, name) or "") for name in names if name in form)
    return [(str(form[name].label.text), text) for name, text in texts if text != (form[name].data or "")]


def differing_file(person: Person, form: FlaskForm) -> list[tuple[str, str]]:
    """The same for all of a file that the form asks about: texts, age, and what is ticked."""
    changed = differing(person, form)
    if "age" in form and (person.age.value if person.age else "") != (form["age"].data or ""):
        changed.append((str(form["age"].label.text), str(AGE_NAMES[person.age]) if person.age else ""))
    for name, word in LISTS.items():
        codes = getattr(person, name)
        if name in form and set(codes) != set(form[name].data or []):
            changed.append((str(form[name].label.text), ", ".join(word(each) for each in codes)))
    return changed


def last_hand(subject_id: UUID, act: str) -> str:
    """The name of whoever did this to a row last, as the journal knows it."""
    done = lines_about(subject_id).where(JournalLine.act == act).with_only_columns(JournalLine.user_id).limit(1)
    by = db.session.scalar(done)
    return names_of([by]).get(by, _("Quelqu’un"))
