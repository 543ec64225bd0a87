"""The course plan, kept by the head: read, and rewritten session by session. Each change is a new version; courses keep theirs."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.orm import Session
from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from app.db import new_id
from app.fields import NumberField
from app.network import bp
from app.network.queries import reading
from app.network.sign_views import writing
from app.pages import id_from, page
from app.training.plan_documents import SessionDocument, documents_of, links_of
from app.training.plans import WORDS, CoursePlan, SessionPlan, plans, sessions_of

NUMERIC = {"inputmode": "numeric"}
MISSING = _l("Il manque ce texte.")
LONG = Length(max=3000, message=_l("Trois mille caractères au plus."))
SHORT = Length(max=120, message=_l("Cent vingt caractères au plus."))


class PlanForm(FlaskForm):
    """The title, and how many sessions are needed."""

    id = HiddenField()
    title = StringField(_l("Titre du parcours"), [DataRequired(MISSING), SHORT])
    title_en = StringField(_l("Le même en anglais"), [DataRequired(MISSING), SHORT])
    needed = NumberField(
        _l("Combien de séances pour l’attestation ?"), [InputRequired(MISSING), NumberRange(1, 8, _l("De 1 à 8 séances."))], render_kw=NUMERIC
    )


class SessionPlanForm(FlaskForm):
    """One session in both languages."""

    id = HiddenField()
    title = StringField(_l("Titre"), [DataRequired(MISSING), SHORT])
    aim = TextAreaField(_l("But"), [DataRequired(MISSING), LONG])
    outline = TextAreaField(_l("Déroulé, une ligne par étape avec ses minutes"), [DataRequired(MISSING), LONG], render_kw={"rows": 7})
    materials = TextAreaField(_l("Matériel"), [DataRequired(MISSING), LONG])
    advice = TextAreaField(_l("Conseil"), [DataRequired(MISSING), LONG])
    minutes = NumberField(_l("Durée en minutes"), [InputRequired(MISSING)], render_kw=NUMERIC)
    title_en = StringField(_l("Titre, en anglais"), [DataRequired(MISSING), SHORT])
    aim_en = TextAreaField(_l("But, en anglais"), [DataRequired(MISSING), LONG])
    outline_en = TextAreaField(_l("Déroulé, en anglais"), [DataRequired(MISSING), LONG], render_kw={"rows": 7})
    materials_en = TextAreaField(_l("Matériel, en anglais"), [DataRequired(MISSING), LONG])
    advice_en = TextAreaField(_l("Conseil, en anglais"), [DataRequired(MISSING), LONG])

    def validate_minutes(self, field: Field) -> None:
        """Between half an hour and a day."""
        if field.data is not None and not 30 <= field.data <= 480:
            raise ValidationError(_("De 30 à 480 minutes."))


def _latest(session: Session) -> CoursePlan:
    return session.scalars(plans().limit(1)).one()


def next_version(
    session: Session,
    plan_id: UUID,
    position: int = 0,
    texts: dict[str, object] | None = None,
    leave_out: tuple[int, UUID] | None = None,
    **changes: object,
) -> CoursePlan | None:
    """Write the next version: `changes` of the plan, `texts` of the session at `position`, and all else as it was. None if it was written before."""
    # One version after another: of two who save at once, the second builds on the first.
    session.connection().exec_driver_sql("select pg_advisory_xact_lock(hashtext('course plans'))")
    if session.get(CoursePlan, plan_id) is not None:
        return None
    last = _latest(session)
    links = [each for each in session.scalars(links_of(last.id)) if (each.position, each.document_id) != leave_out]
    if leave_out and len(links) == len(session.scalars(links_of(last.id)).all()):
        return None
    kept = {"title": last.title, "title_en": last.title_en, "needed": last.needed}
    following = CoursePlan(id=plan_id, version=last.version + 1, **{**kept, **changes})
    session.add(following)
    # Sessions and documents point at it.
    session.flush()
    session.add_all(each.copied(plan_id, **((texts or {}) if each.position == position else {})) for each in session.scalars(sessions_of(last.id)))
    session.add_all(SessionDocument(plan_id=plan_id, position=each.position, document_id=each.document_id) for each in links)
    return following


def _index(form: PlanForm | None = None) -> str:
    with reading() as session:
        every = session.scalars(plans()).all()
        sessions = session.scalars(sessions_of(every[0].id)).all()
    form = form or PlanForm(formdata=None, id=str(new_id()), title=every[0].title, title_en=every[0].title_en, needed=every[0].needed)
    return page("network/plans.html", plan=every[0], versions=every, sessions=sessions, form=form)


@bp.get("/parcours")
def index_plans() -> ResponseReturnValue:
    """The present plan with its sessions, and when it changed."""
    return _index()


@bp.post("/parcours")
def create_plan() -> ResponseReturnValue:
    """A new version, with another title or threshold."""
    form = PlanForm()
    if not form.validate_on_submit():
        return _index(form), 422
    with writing() as session:
        next_version(session, id_from(form.id.data), title=form.title.data, title_en=form.title_en.data, needed=form.needed.data)
    flash(_("Une nouvelle version du parcours est enregistrée. Les parcours commencés gardent la leur."))
    return redirect(url_for("network.index_plans"))


def _outline(session: Session, position: int) -> SessionPlan:
    return session.get(SessionPlan, (_latest(session).id, position)) or abort(404)


@bp.get("/parcours/seances/<int:position>")
def edit_session_plan(position: int) -> ResponseReturnValue:
    """The texts of one session, to be rewritten, and its documents."""
    return session_page(position)


def session_page(position: int, form: SessionPlanForm | None = None, upload: Any = None) -> str:
    """The page of one session of the plan, with whichever form was sent."""
    from app.network.plan_document_views import new_document_form

    with reading() as session:
        outline = _outline(session, position)
        documents = session.scalars(documents_of(outline.plan_id, position)).all()
    texts = {name: getattr(outline, name) for word in WORDS for name in (word, f"{word}_en")}
    form = form or SessionPlanForm(formdata=None, id=str(new_id()), minutes=outline.minutes, **texts)
    return page("network/session_plan.html", form=form, position=position, documents=documents, upload=upload or new_document_form())


@bp.post("/parcours/seances/<int:position>")
def update_session_plan(position: int) -> ResponseReturnValue:
    """A new version of the plan, in which this training session reads differently."""
    form = SessionPlanForm()
    with reading() as session:
        _outline(session, position)
    if not form.validate_on_submit():
        return session_page(position, form), 422
    changes = {name: form[name].data.replace("\r\n", "\n").strip() for word in WORDS for name in (word, f"{word}_en")} | {
        "minutes": form.minutes.data
    }
    with writing() as session:
        next_version(session, id_from(form.id.data), position, changes)
    flash(_("Une nouvelle version du parcours est enregistrée. Les parcours commencés gardent la leur."))
    return redirect(url_for("network.index_plans"))
