"""People: the list, a file, opening and changing one."""

from uuid import UUID

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import gate
from app.db import db, new_id
from app.languages import of
from app.pages import id_from, page
from app.paging import SHEET, Sheet, page_number
from app.people import bp
from app.people.beside import TEXTS, differing_file
from app.people.circles import due_moment
from app.people.drawing import drawn
from app.people.file import read_file
from app.people.forms import FileForm, OpeningForm
from app.people.models import FoundBy, Person, lines
from app.people.opening import open_file
from app.people.path import standing
from app.people.queries import alike, by_name, names_of, own_person, visible
from app.people.story import offers_for, story_of
from app.people.words import CIRCLE_NAMES, FOUND_NAMES, FREQUENCY_NAMES, MOMENT_NAMES, NEED_NAMES, STAGE_NAMES, described, language_name
from app.phone_numbers import spoken
from tenants import journal
from tenants.access import allowed, may
from tenants.months import today_in
from tenants.scope import here


@bp.get("/")
@may("see people")
def index() -> ResponseReturnValue:
    """Those one may know of, by name; with ?recherche= those whose name or street holds the words."""
    closed, words, number = request.args.get("liste") == "finis", request.args.get("recherche", "")[:60], page_number()
    people = by_name(db.session.scalars(visible(closed)).all(), words)
    rows = people[(number - 1) * SHEET : number * SHEET]
    shown = Sheet([(name, person, described(person)) for name, person in rows], number, len(people) > number * SHEET)
    return page("people/index.html", sheet=shown, closed=closed, words=words, count=len(people), names=STAGE_NAMES)


@bp.get("/nouvelle")
@may("open a file")
def new() -> ResponseReturnValue:
    """Who, how found, and what they agreed to."""
    today = today_in(g.collective.time_zone)
    form = OpeningForm(formdata=None, id=str(new_id()), languages=["fr"], found_on=today, given_on=today, found_by=FoundBy.neighbour.value)
    return page("people/new.html", form=form, doubles=[], action=url_for("workspace.people.create"))


@bp.post("/")
@may("open a file")
def create() -> ResponseReturnValue:
    """Open a file. The coordination is asked once whether it is not someone they know."""
    return opened(OpeningForm(), url_for("workspace.people.create"))


def opened(form: OpeningForm, action: str, round_id: UUID | None = None) -> ResponseReturnValue:
    """Open a file from a form, whatever page it stood on."""
    person_id = id_from(form.id.data)
    valid = form.validate_on_submit()
    doubles: list[tuple[str, Person]] = []
    # Whoever may not read all files, or not yet, is not told who is known: the coordination sees the two side by side later.
    due = gate.reminder()
    if valid and allowed("steer a file") and not (due and due.over) and not form.sure.data and db.session.get(Person, (here(), person_id)) is None:
        doubles = alike(form.name.data or "", form.street.data, form.phone.data)
    if not valid or doubles:
        return page("people/new.html", form=form, doubles=doubles, action=action), 422
    agreement = (UUID(form.agreed_to.data), form.given_on.data, form.words.data or "")
    person = open_file(person_id, form.values(), FoundBy(form.found_by.data), form.found_on.data, agreement, round_id)
    if allowed("steer a file"):
        flash(_("La fiche %(of_name)s est ouverte.", of_name=of(person.name)))
        return redirect(url_for("workspace.people.show", person_id=person.id))
    flash(_("C’est noté, merci. La coordination prend le relais et cherchera un binôme."))
    return redirect(url_for("workspace.people.index"))


@bp.get("/<uuid:person_id>")
@may("see people")
def show(person_id: UUID) -> ResponseReturnValue:
    """A person's file: path, story, circles, agreement, companions. Reading it is written to the journal."""
    person = own_person(person_id)
    file, today = read_file(person), today_in(g.collective.time_zone)
    return page(
        "people/show.html",
        person=person,
        file=file,
        today=today,
        described=described(person),
        found_words=FOUND_NAMES[person.found_by],
        reached={step.stage: step for step in standing(file.steps)},
        names=STAGE_NAMES,
        story=story_of(file),
        offers=offers_for(file),
        likes=lines(person.likes),
        gives=lines(person.gives),
        needs=[NEED_NAMES[each] for each in person.needs if each in NEED_NAMES],
        spoken=[language_name(each) for each in person.languages],
        drawing=drawn(file.measures) if file.measures else None,
        due=due_moment(person, file.measures, today),
        moments=MOMENT_NAMES,
        circles=CIRCLE_NAMES,
        frequencies=FREQUENCY_NAMES,
        doubles=alike(person.name or "", person.street, person.phone, person.id) if allowed("steer a file") else [],
        steers=allowed("steer a file"),
    )


def _form_of(person: Person) -> FileForm:
    values = {name: getattr(person, name) or "" for name in TEXTS}
    if person.phone:
        values["phone"] = spoken(person.phone)
    age = person.age.value if person.age else ""
    return FileForm(formdata=None, version=str(person.version), age=age, languages=person.languages, needs=person.needs, **values)


@bp.get("/<uuid:person_id>/modifier")
@may("write to a file")
def edit(person_id: UUID) -> ResponseReturnValue:
    """What is known of a person, to complete or put right."""
    person = own_person(person_id)
    journal.note("read", "person", person.id)
    return page("people/edit.html", form=_form_of(person), person=person, changed=[], by="")


@bp.post("/<uuid:person_id>/modifier")
@may("write to a file")
def update(person_id: UUID) -> ResponseReturnValue:
    """Write it. The second of two writers sees what the first one changed, with all they typed still there."""
    person = own_person(person_id)
    form = FileForm()
    if not form.validate_on_submit():
        return page("people/edit.html", form=form, person=person, changed=[], by=""), 422
    if form.version.data != str(person.version):
        changed = differing_file(person, form)
        form.version.data = form.version.raw_data = str(person.version)
        return page("people/edit.html", form=form, person=person, changed=changed, by=names_of([person.changed_by]).get(person.changed_by, "")), 409
    person.change(current_user.id, **form.values())
    journal.note("changed", "person", person.id)
    flash(_("C’est enregistré."))
    return redirect(url_for("workspace.people.show", person_id=person.id))
