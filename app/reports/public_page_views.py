"""A public page, written by the coordination and read by whoever comes by; and the page of the network."""

from flask import abort, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import DataRequired, Length

from app.db import db, now
from app.limits import by_user, limiter
from app.network.departments import NAMES
from app.pages import page
from app.paging import sheet
from app.phone_numbers import normalised, spoken
from app.reports import bp, discover
from app.reports.content import Content
from app.reports.drafts import edition
from app.reports.models import NETWORK, editions_of
from app.reports.public_pages import PublicPage, announce, own_page, page_of, shown_pages
from app.reports.public_views import HEAD, LIMIT
from app.reports.saying import Notes
from app.reports.yearly import KEY_FIGURES, WHOLE, area_of
from tenants import journal
from tenants.access import may
from tenants.models import Collective, collective_by_slug
from tenants.scope import here


class PublicPageForm(FlaskForm):
    """What an inhabitant looks for."""

    phone = StringField(
        _l("Le numéro à appeler"),
        [DataRequired(_l("Il manque le numéro : c’est par lui qu’on vous joint."))],
        description=_l("Celui du collectif, pas celui d’une personne."),
        render_kw={"inputmode": "tel"},
    )
    hours = StringField(
        _l("Quand et où vous trouver"),
        [DataRequired(_l("Il manque un jour ou un lieu.")), Length(max=300, message=_l("Trois cents caractères au plus."))],
        description=_l("Par exemple : le deuxième mardi du mois, de 10 h à midi, salle des Cèdres."),
    )
    about = TextAreaField(
        _l("Qui vous êtes"),
        [DataRequired(_l("Il manque quelques mots.")), Length(max=1500, message=_l("Mille cinq cents caractères au plus."))],
        description=_l("Tout le monde le lira : aucun nom d’habitant."),
        render_kw={"rows": 6},
    )

    def validate_phone(self, field: Field) -> None:
        """A French number, as people write them."""
        try:
            self.kept = normalised(field.data or "")
        except ValueError as error:
            text = str(error)
            raise ValidationError(text[:1].upper() + text[1:] + ".") from error


@bp.get("/page-publique")
@may("write the report")
def edit_page() -> ResponseReturnValue:
    """The page as it is, or a first one."""
    known = own_page()
    form = PublicPageForm(
        formdata=None, phone=spoken(known.phone) if known else "", hours=known.hours if known else "", about=known.about if known else ""
    )
    return page("reports/edit_page.html", form=form, known=known)


@bp.post("/page-publique")
@may("write the report")
@limiter.limit("60 per hour", key_func=by_user)
def update_page() -> ResponseReturnValue:
    """Show it to everybody."""
    form, known = PublicPageForm(), own_page()
    if not form.validate_on_submit():
        return page("reports/edit_page.html", form=form, known=known), 422
    values = {"phone": form.kept, "hours": (form.hours.data or "").strip(), "about": (form.about.data or "").replace("\r\n", "\n").strip()}
    if known is None:
        db.session.add(PublicPage(publisher_id=here(), id=here(), changed_at=now(), **values))
    else:
        known.phone, known.hours, known.about, known.changed_at = values["phone"], values["hours"], values["about"], now()
    # A page that is new is found by what follows.
    db.session.flush()
    announce()
    journal.note("showed", "public page", here())
    flash(_("La page est en ligne."))
    return redirect(url_for("discover.show", slug=g.collective.slug))


@bp.post("/page-publique/retrait")
@may("write the report")
def delete_page() -> ResponseReturnValue:
    """Take it down. Twice is once."""
    known = own_page()
    if known is not None:
        db.session.delete(known)
        journal.note("took down", "public page", here())
    flash(_("La page n’est plus en ligne."))
    return redirect(url_for("workspace.reports.index"))


def _figures(publisher: Collective | None) -> tuple[Content | None, list[tuple[str, str]]]:
    """The newest edition with its key figures, as they are said: (label, text)."""
    newest = db.session.scalars(editions_of(publisher.id if publisher else NETWORK).limit(1)).one_or_none()
    known = edition(newest.publisher_id, newest.year) if newest else None
    if known is None:
        return None, []
    content = Content.read(known.content)
    notes, words = Notes.of(content.answers.values()), content.words(str(get_locale().language))
    area = area_of(publisher.short_code) if publisher else WHOLE
    cells = [(words[code]["label"], notes.cell(code, content.answers[area, code])) for code in KEY_FIGURES if (area, code) in content.answers]
    return content, [(label, cell.text) for label, cell in cells if not cell.nothing]


@discover.get("/")
@limiter.limit(LIMIT)
def index() -> ResponseReturnValue:
    """What a collective is, how to reach one, and what they did together."""
    content, figures = _figures(None)
    return page("reports/discover.html", sheet=sheet(shown_pages()), names=NAMES, content=content, figures=figures, place=HEAD)


@discover.get("/<string:slug>")
@limiter.limit(LIMIT)
def show(slug: str) -> ResponseReturnValue:
    """One collective that wants to be found; the others answer as if they did not exist."""
    collective = collective_by_slug(slug)
    known = page_of(collective) if collective else None
    if collective is None or known is None:
        abort(404)
    content, figures = _figures(collective)
    department = NAMES.get(collective.department, collective.department)
    return page("reports/public_page.html", subject=collective, known=known, content=content, figures=figures, department=department)
