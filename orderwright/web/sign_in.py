"""Sign in and out. One sentence answers every failure, so that nobody learns which logins exist."""

from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from orderwright.identity import sign_in as identity
from orderwright.web.forms import Form
from orderwright.web.road import page

HOME: Final = "/orders/sales"
OPENED: Final = "opened_by_password"
REFUSED: Final = (
    "This e-mail address and password do not open anything. "
    "After five failures a login rests for fifteen minutes."
)


def home(request: HttpRequest) -> HttpResponse:
    """The start page."""
    return redirect(HOME)


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password, and for the organization when the password opens several."""
    form = Form.of({"next": request.GET.get("next", "")})
    if request.method != "POST":
        return page(request, "sign_in.html", {"form": form})
    form = Form.posted(request)
    opened = identity.sign_in(
        email=form.text("email"), password=form.value("password"), now=timezone.now()
    )
    if not opened:
        form.message = REFUSED
        return page(request, "sign_in.html", {"form": form}, status=422)
    if len(opened) == 1:
        return _enter(request, opened[0][0], form.text("next"))
    request.session[OPENED] = [str(user_id) for user_id, _, _ in opened]
    organizations = [(str(user_id), name) for user_id, _, name in opened]
    return page(request, "sign_in.html", {"form": form, "organizations": organizations})


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Enter one of the organizations that the password has just opened."""
    form = Form.posted(request)
    chosen = form.value("user")
    if chosen not in request.session.get(OPENED, []):
        return redirect("/sign-in")
    return _enter(request, UUID(chosen), form.text("next"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget the session."""
    request.session.flush()
    return redirect("/sign-in")


def _enter(request: HttpRequest, user_id: UUID, wanted: str) -> HttpResponse:
    request.session.flush()
    request.session["user_id"] = str(user_id)
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return redirect(wanted if is_ours else HOME)
