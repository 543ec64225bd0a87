"""Bringing an export of data·inclusion into the directory, and taking the directory out in the same form."""

from uuid import UUID

from flask import Response, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, ValidationError

from app.db import db, new_id
from app.pages import id_from, page
from app.paging import SHEET, Sheet, page_number
from app.referral import bp
from app.referral.imports import DOCUMENT_KIND, EXPORT_KIND, ImportState, ResourceImport, files_of, latest_imports
from app.referral.words import IMPORT_NAMES
from tenants import journal
from tenants.access import may, refuse
from tenants.documents import LARGEST, Document
from tenants.months import today_in
from tenants.rows import found
from tenants.scope import here
from workers import progress
from workers.queue import later

MOST_FILES = 2


class ImportForm(FlaskForm):
    """One or two files of data·inclusion."""

    id = HiddenField()
    files = MultipleFileField(_l("Un fichier, ou les deux"), render_kw={"accept": ".csv,.json,.jsonl,.zip,.gz"})

    def validate_files(self, field: Field) -> None:
        """At least one, two at most, none too large."""
        chosen = self.chosen
        if not chosen:
            raise ValidationError(_("Choisissez le fichier des lieux, celui des services, ou les deux."))
        if len(chosen) > MOST_FILES:
            raise ValidationError(_("Deux fichiers au plus : celui des lieux et celui des services."))
        self.contents = [each.read(LARGEST + 1) for each in chosen]
        if any(len(content) > LARGEST for content in self.contents):
            raise ValidationError(_("Un fichier de plus de 10 Mo. Comprimez-le en .zip : il passera sans doute."))
        if not all(self.contents):
            raise ValidationError(_("Un des fichiers est vide."))

    @property
    def chosen(self) -> list[FileStorage]:
        """The files that were brought."""
        return [each for each in self.files.data or [] if isinstance(each, FileStorage) and each.filename]


@bp.get("/lieux/imports")
@may("keep resources")
def new_import() -> ResponseReturnValue:
    """Which file, and what happened to those before."""
    imports = db.session.scalars(latest_imports().limit(10)).all()
    return page("referral/new_import.html", form=ImportForm(formdata=None, id=str(new_id())), imports=imports, states=IMPORT_NAMES)


@bp.post("/lieux/imports")
@may("keep resources")
def create_import() -> ResponseReturnValue:
    """Keep the files sealed, and have them read."""
    form = ImportForm()
    import_id = id_from(form.id.data)
    if db.session.get(ResourceImport, (here(), import_id)) is None:
        if not form.validate_on_submit():
            imports = db.session.scalars(latest_imports().limit(10)).all()
            return page("referral/new_import.html", form=form, imports=imports, states=IMPORT_NAMES), 422
        names = [(each.filename or "")[-120:] for each in form.chosen]
        db.session.add(ResourceImport(id=import_id, filenames=names, asked_by=current_user.id))
        for name, content in zip(names, form.contents, strict=True):
            document = Document(id=new_id(), kind=DOCUMENT_KIND, about_id=import_id, filename=name, media_type="application/octet-stream")
            document.asked_by = current_user.id
            db.session.add(document)
            # Its pieces point at the document.
            db.session.flush()
            document.fill(content)
        later("read_import", import_id)
    return redirect(url_for("workspace.referral.show_import", import_id=import_id))


@bp.get("/lieux/imports/<uuid:import_id>")
@may("keep resources")
def show_import(import_id: UUID) -> ResponseReturnValue:
    """What the files would change, and each line that needs another look."""
    import_ = found(ResourceImport, import_id)
    number, faults = page_number(), import_.faults
    shown = Sheet(faults[(number - 1) * SHEET : number * SHEET], number, len(faults) > number * SHEET)
    busy = import_.state in (ImportState.reading, ImportState.writing)
    return page("referral/import.html", import_=import_, sheet=shown, states=IMPORT_NAMES, percent=progress.of(import_.id) if busy else 100)


@bp.post("/lieux/imports/<uuid:import_id>/confirmation")
@may("keep resources")
def create_confirmation(import_id: UUID) -> ResponseReturnValue:
    """Write it. Twice writes once."""
    import_ = found(ResourceImport, import_id)
    if import_.state == ImportState.ready and db.session.scalar(files_of(import_.id).limit(1)) is not None:
        import_.state = ImportState.writing
        journal.note("imported", "resources", import_.id)
        later("write_import", import_.id)
    return redirect(url_for("workspace.referral.show_import", import_id=import_.id))


@bp.post("/lieux/imports/<uuid:import_id>/abandon")
@may("keep resources")
def delete_import(import_id: UUID) -> ResponseReturnValue:
    """Leave it: the files are forgotten, the directory stays as it is."""
    import_ = found(ResourceImport, import_id)
    if import_.state == ImportState.ready:
        import_.state = ImportState.left
        import_.drop_files()
        flash(_("Rien n’a été changé. Les fichiers sont oubliés."))
    return redirect(url_for("workspace.referral.new_import"))


@bp.post("/lieux/exports")
@may("keep resources")
def create_export() -> ResponseReturnValue:
    """Ask for the whole directory, in one archive."""
    sort = "csv" if request.form.get("sort") == "csv" else "json"
    name = f"annuaire-{today_in(g.collective.time_zone)}-{sort}.zip"
    document = Document(id=new_id(), kind=EXPORT_KIND, about_id=here(), filename=name, media_type="application/zip", asked_by=current_user.id)
    db.session.add(document)
    later("make_export", document.id)
    return redirect(url_for("workspace.referral.show_export", export_id=document.id))


def _export(export_id: UUID) -> Document:
    document = found(Document, export_id)
    if document.kind != EXPORT_KIND:
        refuse("a document of another room")
    return document


@bp.get("/lieux/exports/<uuid:export_id>")
@may("keep resources")
def show_export(export_id: UUID) -> ResponseReturnValue:
    """Whether it is ready, and where it is."""
    return page("referral/export.html", document=_export(export_id))


@bp.get("/lieux/exports/<uuid:export_id>/fichier")
@may("keep resources")
def download_export(export_id: UUID) -> ResponseReturnValue:
    """The archive itself."""
    document = _export(export_id)
    if document.ready_at is None or not document.size:
        return redirect(url_for("workspace.referral.show_export", export_id=document.id))
    journal.note("downloaded", "document", document.id)
    return Response(document.read(), mimetype=document.media_type, headers={"Content-Disposition": f'attachment; filename="{document.filename}"'})
