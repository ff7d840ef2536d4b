"""Error pages: every error a person can act on becomes its sentence, with the status that says the same to programs."""

from collections.abc import Mapping
from http import HTTPStatus

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from dispatch.errors import BadInput, Conflict, Forbidden, LaluanError, NotFound, Several, Unavailable
from dispatch.work.permissions import Permission, may
from dispatch.work.presence import last_change
from web.access import SignInNeeded
from web.current import current_services, local_time, signed_in_actor
from web.field_labels import field_label
from web.problems import problem, problem_of, wants_problems
from web.translate import sentence

_STATUS: tuple[tuple[type[LaluanError], HTTPStatus], ...] = (
    (SignInNeeded, HTTPStatus.UNAUTHORIZED),
    (Forbidden, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Unavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (Several, HTTPStatus.BAD_REQUEST),
    (BadInput, HTTPStatus.BAD_REQUEST),
)
_NOT_TYPED = frozenset({"csrf_token", "version", "password", "new_password", "repeat_password"})
_HTTP_CODES = {
    HTTPStatus.NOT_FOUND: "web.no_page",
    HTTPStatus.METHOD_NOT_ALLOWED: "web.no_method",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "web.too_large",
}


def status_of(error: LaluanError) -> HTTPStatus:
    """Give the HTTP status of an error."""
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.BAD_REQUEST


def sentences_of(error: LaluanError, names: Mapping[str, str] | None = None) -> list[str]:
    """Give the sentences of an error: one, or one for each of several."""
    errors = error.errors if isinstance(error, Several) else (error,)
    return [sentence_of(each, names) for each in errors]


def sentence_of(error: LaluanError, names: Mapping[str, str] | None = None) -> str:
    """Give the sentence of one error, its field by the label people know it by."""
    field = str(error.values.get("field", ""))
    return sentence(error.code, error.values, names={field: field_label(field), **(names or {})})


def install(app: Flask) -> None:
    """Answer every error of the app with its sentence."""
    app.register_error_handler(LaluanError, answer)
    app.register_error_handler(CSRFError, _answer_csrf)
    app.register_error_handler(HTTPException, _answer_http)


def answer(error: LaluanError) -> Response:
    """Answer an error: as a page, a fragment or JSON; a change that came too late is shown what was typed again."""
    if wants_problems() and not isinstance(error, SignInNeeded):
        return problem_of(error)
    status = status_of(error)
    if isinstance(error, Conflict) and request.method == "POST" and not _is_fragment() and not _is_api():
        typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_TYPED and value]
        by = who_changed(error)
        page = render_template("errors/conflict.html", sentences=sentences_of(error), typed=typed, by=by)
        return make_response(page, status)
    return _page(status, error.code, sentences_of(error))


def who_changed(error: LaluanError) -> str:
    """Say who changed the thing an error is about, and when; empty where that is not known."""
    actor, subject_id = signed_in_actor(), str(error.values.get("id", ""))
    if actor is None or not subject_id or not may(actor, Permission.READ_DAY):
        return ""
    changed = last_change(current_services(), actor, subject_id)
    return sentence("stale.by", {"who": changed.name, "at": local_time(changed.at)}) if changed else ""


def _answer_csrf(_error: CSRFError) -> Response:
    return _page(HTTPStatus.BAD_REQUEST, "web.csrf", [sentence("web.csrf")])


def _answer_http(error: HTTPException) -> BaseResponse:
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response()
    status = HTTPStatus(error.code or 500)
    code = _HTTP_CODES.get(status, "web.bad_request" if status < 500 else "web.our_fault")
    response = _page(status, code, [sentence(code)])
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _page(status: HTTPStatus, code: str, sentences: list[str]) -> Response:
    """Answer in the form the asker reads: a problem, JSON, a fragment of a page, or a page."""
    if wants_problems():
        return problem(status, code, " ".join(sentences), [])
    if _is_api():
        response = jsonify(error={"code": code, "sentences": sentences})
        response.status_code = status
        return response
    template = "errors/fragment.html" if _is_fragment() else "errors/error.html"
    return make_response(render_template(template, status=int(status), code=code, sentences=sentences), status)


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"


def _is_api() -> bool:
    return request.path.startswith("/api/")
