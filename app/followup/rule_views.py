"""Rules of permanences: set, changed, ended; and their poster."""

from typing import Any
from uuid import UUID

from flask import Response, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.db import db, new_id
from app.followup import bp
from app.followup.drop_ins import lay_out
from app.followup.forms import RuleForm
from app.followup.gathering_watch import announce_permanences, ask_about_permanences
from app.followup.rules import DropInRule, Nth, OnHolidays
from app.followup.words import rule_words
from app.pages import id_from, page
from app.phone_numbers import spoken
from tenants import journal
from tenants.access import may, refuse
from tenants.documents import Document
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here
from workers.queue import later

POSTER = "drop_in_poster"


@bp.get("/regles/nouvelle")
@may("set the permanences")
def new_rule() -> ResponseReturnValue:
    """Which day of the month, from when to when, where."""
    form = RuleForm(formdata=None, id=str(new_id()), nth=Nth.second.value, day_of_week="1", since=today_in(g.collective.time_zone))
    return page("followup/rule.html", form=form, rule=None)


@bp.post("/regles")
@may("set the permanences")
def create_rule() -> ResponseReturnValue:
    """Keep the rule and lay its days out."""
    form = RuleForm()
    if not form.validate_on_submit():
        return page("followup/rule.html", form=form, rule=None), 422
    rule_id = id_from(form.id.data)
    rule = db.session.get(DropInRule, (here(), rule_id))
    if rule is None:
        rule = DropInRule(id=rule_id)
        _keep(rule, form, "set")
    flash(_("C’est noté. Les jours des six prochains mois sont dans le calendrier."))
    return redirect(url_for("workspace.followup.index_drop_ins"))


def _keep(rule: DropInRule, form: RuleForm, act: str) -> None:
    hosted_by = [each for each in (rule.one_id, rule.other_id) if each]
    rule.nth, rule.day_of_week, rule.months_off = Nth(form.nth.data), int(form.day_of_week.data), form.months_off.data or []
    rule.begins, rule.ends, rule.where = form.begins.data, form.ends.data, form.where.data or ""
    rule.since, rule.until, rule.phone = form.since.data, form.until.data, form.phone.data or None
    rule.on_holidays, (rule.one_id, rule.other_id) = OnHolidays(form.on_holidays.data or OnHolidays.keep), form.hosts
    db.session.add(rule)
    # Its days point at it.
    db.session.flush()
    gone = lay_out(rule, today_in(g.collective.time_zone), g.collective.department, hosted_by)
    journal.note(act, "drop_in_rule", rule.id)
    if gone or act == "changed":
        later("send_rule_notice", rule.id)
    ask_about_permanences()
    announce_permanences()


def _form_of(rule: DropInRule) -> RuleForm:
    values: dict[str, Any] = {name: getattr(rule, name) for name in ("months_off", "begins", "ends", "where", "since", "until")}
    values |= {"one": str(rule.one_id or ""), "other": str(rule.other_id or "")}
    phone = spoken(rule.phone) if rule.phone else ""
    values |= {"nth": rule.nth.value, "day_of_week": str(rule.day_of_week), "on_holidays": rule.on_holidays.value}
    return RuleForm(formdata=None, id=str(rule.id), phone=phone, **values)


@bp.get("/regles/<uuid:rule_id>")
@may("set the permanences")
def edit_rule(rule_id: UUID) -> ResponseReturnValue:
    """The sentence again, to be changed."""
    rule = found(DropInRule, rule_id)
    return page("followup/rule.html", form=_form_of(rule), rule=rule, words=rule_words(rule, begins_a_sentence=False))


@bp.post("/regles/<uuid:rule_id>")
@may("set the permanences")
def update_rule(rule_id: UUID) -> ResponseReturnValue:
    """Change it. Days to come follow; those that were moved or cancelled one by one stay as they are. The team is told."""
    rule = found(DropInRule, rule_id)
    form = RuleForm(known_since=rule.since)
    if not form.validate_on_submit():
        return page("followup/rule.html", form=form, rule=rule, words=rule_words(rule, begins_a_sentence=False)), 422
    _keep(rule, form, "changed")
    flash(_("La règle est changée. L’équipe reçoit un mail ; pensez à refaire l’affiche."))
    return redirect(url_for("workspace.followup.index_drop_ins"))


@bp.post("/regles/<uuid:rule_id>/affiche")
@may("see the follow-up")
def create_poster(rule_id: UUID) -> ResponseReturnValue:
    """Ask for the poster."""
    rule = found(DropInRule, rule_id)
    document = Document(kind=POSTER, about_id=rule.id, filename=_("permanence.pdf"), media_type="application/pdf", asked_by=current_user.id)
    db.session.add(document)
    later("make_poster", document.id)
    return redirect(url_for("workspace.followup.show_document", document_id=document.id))


def _own_document(document_id: UUID) -> Document:
    document = found(Document, document_id)
    if document.kind != POSTER:
        refuse("a document of another room")
    return document


@bp.get("/documents/<uuid:document_id>")
@may("see the follow-up")
def show_document(document_id: UUID) -> ResponseReturnValue:
    """Whether it is ready, and where it is."""
    return page("followup/document.html", document=_own_document(document_id))


@bp.get("/documents/<uuid:document_id>/fichier")
@may("see the follow-up")
def download(document_id: UUID) -> ResponseReturnValue:
    """The file itself."""
    document = _own_document(document_id)
    if document.ready_at is None:
        return redirect(url_for("workspace.followup.show_document", document_id=document.id))
    journal.note("downloaded", "document", document.id)
    return Response(document.read(), mimetype=document.media_type, headers={"Content-Disposition": f'attachment; filename="{document.filename}"'})
