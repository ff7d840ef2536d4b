"""Importing at the desk: a template to fill in, a look at what would happen, then all rows or none."""

from flask import Response as FlaskResponse
from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.errors import BadInput
from dispatch.work.exports import ExportedFile
from dispatch.work.import_columns import RowError
from dispatch.work.imports import PERMISSIONS, ImportReport, import_table, import_template, read_upload
from dispatch.work.permissions import Permission, may
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.desk.uploads import Upload, Uploads
from web.translate import sentence, translate

Page = tuple[str, int]

KINDS = (("bookings", "Bookings"), ("therapists", "Therapists"))


@bp.get("/import")
@needs(Permission.BOOKINGS)
def imports() -> Page:
    """Show what can be imported, with the templates."""
    return _answer()


@bp.get("/import/template/<any(bookings, therapists):kind>.<any(csv, xlsx):form>")
@needs(Permission.BOOKINGS)
def template(kind: str, form: str) -> FlaskResponse:
    """Give the table to fill in."""
    return as_download(import_template(kind, form))


@bp.post("/import/check")
@needs(Permission.BOOKINGS)
def check_import() -> Page:
    """Read the file and show what it would do; nothing is kept but the file, until the yes."""
    services, actor = current_services(), current_actor()
    kind = request.form.get("kind", "")
    sent = request.files.get("file")
    try:
        if kind not in dict(KINDS):
            raise BadInput("web.field_no_choice", field="kind", label="What it holds")
        if sent is None or not sent.filename:
            raise BadInput("desk.file_missing", field="file")
        upload = Upload(actor_id=actor.id, kind=kind, filename=sent.filename[:120], data=sent.read(), at=services.now())
        report = import_table(services, actor, kind, read_upload(upload.filename, upload.data), dry_run=True)
    except FORM_ERRORS as error:
        return _answer(kind=kind, trouble=trouble_of(error))
    key = "" if report.errors or not report.added else _uploads().keep(upload)
    return _answer(kind=kind, report=report, filename=upload.filename, key=key)


@bp.post("/import/confirm")
@needs(Permission.BOOKINGS)
def confirm_import() -> Page | Response:
    """Take in the file that was checked: every row, or none where anything became wrong meanwhile."""
    services, actor = current_services(), current_actor()
    upload = _uploads().take(request.form.get("key", ""), actor.id, services.now())
    if upload is None:
        return _answer(trouble=trouble_of(BadInput("desk.upload_gone", field="file")))
    try:
        table = read_upload(upload.filename, upload.data)
        report = import_table(services, actor, upload.kind, table, dry_run=False)
    except FORM_ERRORS as error:
        return _answer(kind=upload.kind, trouble=trouble_of(error))
    if report.errors:
        return _answer(kind=upload.kind, report=report, filename=upload.filename)
    flash(sentence("desk.import_done", {"added": report.added}), "good")
    if report.first_day is not None:
        return redirect(url_for("desk.bookings", day=report.first_day.isoformat()))
    return redirect(url_for("desk.team"))


def as_download(file: ExportedFile) -> FlaskResponse:
    """Answer with a file to save under its own name."""
    response = FlaskResponse(file.data, content_type=file.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=file.filename)
    return response


def _uploads() -> Uploads:
    uploads: Uploads = current_app.extensions.setdefault("laluan_uploads", Uploads())
    return uploads


def _answer(
    *,
    kind: str = "",
    trouble: Trouble = NO_TROUBLE,
    report: ImportReport | None = None,
    filename: str = "",
    key: str = "",
) -> Page:
    actor = current_actor()
    kinds = [
        (one[0], translate(one[1]))
        for one in KINDS
        if all(may(actor, permission) for permission in PERMISSIONS[one[0]])
    ]
    body, status = page(
        "desk/imports.html",
        trouble=trouble,
        kinds=kinds,
        kind=kind,
        report=report,
        problems=_lines(report.errors) if report else [],
        notes=_lines(report.notes) if report else [],
        filename=filename,
        key=key,
    )
    return body, 400 if report and (report.errors or not report.rows) else status


def _lines(told: tuple[RowError, ...]) -> list[tuple[int, str, str]]:
    """Give row, column and sentence of what is told about a table."""
    return [(one.row, one.column, sentence(one.said.code, one.said.named())) for one in told]
