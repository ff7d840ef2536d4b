"""Who asked to be treated again, at the desk."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from dispatch.work.permissions import Permission
from dispatch.work.returns import book_return, let_return_go, returning
from web.access import needs
from web.current import current_actor, current_services
from web.desk import bp
from web.desk.pages import page
from web.desk.trouble import FORM_ERRORS, NO_TROUBLE, Trouble, trouble_of
from web.forms import Fields
from web.translate import sentence

Page = tuple[str, int]


@bp.get("/again")
@needs(Permission.BOOKINGS)
def returns() -> Page:
    """Show who asked to be treated again."""
    return _answer(NO_TROUBLE)


@bp.post("/again/<wish_id>")
@needs(Permission.BOOKINGS)
def answer_return(wish_id: str) -> Page | Response:
    """Book the visit a client asked for, or let the wish go; `version` is the one that was shown."""
    services, actor, fields = current_services(), current_actor(), Fields(request.form)
    try:
        version = fields.version()
        fields.finish()
        if request.form.get("step") == "drop":
            let_return_go(services, actor, wish_id, version=version)
            flash(sentence("return.let_go"), "good")
            return redirect(url_for("desk.returns"))
        booking = book_return(services, actor, wish_id, version=version)
    except FORM_ERRORS as error:
        return _answer(trouble_of(error))
    flash(sentence("return.booked"), "good")
    return redirect(url_for("desk.booking", booking_id=booking.id))


def _answer(trouble: Trouble) -> Page:
    return page("desk/returns.html", trouble=trouble, waiting=returning(current_services(), current_actor()))
