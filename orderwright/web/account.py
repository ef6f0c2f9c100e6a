"""One's own account: name, password, second factors, sessions.

What opens the account to somebody else (password, address, factors) asks for the password first,
unless it was given a short while ago. Pages that show a secret once keep no answer to show again.
"""

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST

from orderwright.directory import account
from orderwright.identity import codes
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.web.forms import Form, done, onwards
from orderwright.web.headers import host_of
from orderwright.web.inputs import Input, bound, sent_by
from orderwright.web.records import values_of
from orderwright.web.road import ENROLMENT, page

URL: Final = "/account"
CONFIRM: Final = "/sign-in/again"
NEW_APP: Final = "new_app"
NEW_PASSKEY: Final = "new_passkey"
CONFIRMED_LASTS: Final = timedelta(minutes=15)

View = Callable[..., HttpResponse]
_PROFILE: Final = (
    Input("first_name", "First name"),
    Input("last_name", "Last name"),
    Input(
        "theme",
        "Theme",
        "select",
        choices=[("auto", "Like the system"), ("light", "Light"), ("dark", "Dark")],
    ),
    Input(
        "times",
        "Times",
        "select",
        choices=[("relative", "How long ago: 2 hours ago"), ("exact", "Exact: 2 Mar 2026, 09:00")],
    ),
)


def confirmed(stamp: str) -> Callable[[View], View]:
    """Ask for the password first, unless the session has this stamp of a short while ago.

    `confirmed_at` is set by signing in too, `again_at` only by giving the password once more.
    """

    def of(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
            given = request.session.get(stamp)
            now = request.caller.now  # type: ignore[attr-defined]
            if given and now - datetime.fromisoformat(given) < CONFIRMED_LASTS:
                return view(request, *args, **named)
            back = request.path if request.method == "GET" else URL
            return onwards(request, f"{CONFIRM}?next={quote(back)}")

        return guarded

    return of


def profile(request: HttpRequest) -> HttpResponse:
    """Who one is, and how one likes to see things."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    mine = account.profile(by=by)
    form = Form.of(values_of(mine))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = sent_by(form, _PROFILE), form.whole("version")
        if form.accept(lambda: account.change_profile(by=by, sent=sent, version=version)):
            response = done(request, URL, "Your profile is saved.")
            response.delete_cookie("theme", samesite="Lax")
            return response
    context = {
        "form": form,
        "inputs": bound(_PROFILE, by),
        "mine": mine,
        "sessions": account.own_sessions(by=by),
        "session_id": request.signed_in.session_id,  # type: ignore[attr-defined]
        "factors": account.own_factors(by=by),
    }
    return page(request, "account/profile.html", context, status=form.status)


@confirmed("again_at")
def email(request: HttpRequest) -> HttpResponse:
    """Another address to sign in with."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.of({"email": account.profile(by=by).email})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: account.change_profile(by=by, sent={"email": form.text("email")})):
            return done(request, URL, "You sign in with this address from now on.")
    return page(request, "account/email.html", {"form": form}, status=form.status)


@confirmed("again_at")
def password(request: HttpRequest) -> HttpResponse:
    """Another password; every other session ends, and this one goes on under a new key."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.of()
    if request.method == "POST":
        form = Form.posted(request)
        session_id = request.signed_in.session_id  # type: ignore[attr-defined]
        if form.accept(
            lambda: account.change_password(
                by=by, password=form.value("password"), session_id=session_id
            )
        ):
            request.session.cycle_key()
            return done(request, URL, "Your password is changed. Other sessions have ended.")
    return page(request, "account/password.html", {"form": form}, status=form.status)


def second_factor(request: HttpRequest) -> HttpResponse:
    """Which second factors there are, and how to add one."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    signed_in = request.signed_in  # type: ignore[attr-defined]
    context = {
        "factors": account.own_factors(by=by),
        "codes_left": account.recovery_codes_left(by=by),
        "from_day": signed_in.second_factor_from,
        "is_due": signed_in.must_enrol,
        "form": Form.of({"name": _device_of(request)}),
    }
    return page(request, "account/second_factor.html", context)


@confirmed("confirmed_at")
def code_app(request: HttpRequest) -> HttpResponse:
    """Scan a code with an app, and show that it worked."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.posted(request) if request.method == "POST" else Form.of()
    held = request.session.get(NEW_APP)
    secret = base64.b64decode(held) if held else codes.new_secret()
    request.session[NEW_APP] = base64.b64encode(secret).decode()
    if request.method == "POST" and form.accept(
        lambda: account.add_code_app(by=by, secret=secret, code=form.text("code"))
    ):
        del request.session[NEW_APP]
        return _added(request, form.result, "The app is your second factor from now on.")
    issuer = f"Orderwright ({by.organization.name})"
    mail = request.signed_in.email  # type: ignore[attr-defined]
    address = codes.address_of(secret, issuer=issuer, account=mail)
    context = {"form": form, "qr": _qr(address), "secret": codes.shown_secret(secret)}
    return page(request, "account/code_app.html", context, status=form.status)


@require_POST
@confirmed("confirmed_at")
def begin_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser needs to make a passkey."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    mail = request.signed_in.email  # type: ignore[attr-defined]
    begun = account.begin_passkey(by=by, host=host_of(request), email=mail)
    request.session[NEW_PASSKEY] = begun.state
    return JsonResponse(begun.options)


@require_POST
@confirmed("confirmed_at")
def add_passkey(request: HttpRequest) -> HttpResponse:
    """Keep the passkey that the browser has made."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.posted(request)
    state = request.session.pop(NEW_PASSKEY, None)
    try:
        response = json.loads(form.value("response"))
    except ValueError:
        response = None
    if state is None or not isinstance(response, dict):
        raise _not_made()
    fresh = account.add_passkey(
        by=by, host=host_of(request), state=state, response=response, name=form.text("name")
    )
    return _added(request, fresh, "The passkey is added.")


@require_POST
@confirmed("confirmed_at")
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    fresh = account.new_recovery_codes(by=request.caller)  # type: ignore[attr-defined]
    return _added(request, fresh, "")


@require_POST
@confirmed("confirmed_at")
def remove_factor(request: HttpRequest, factor_id: UUID) -> HttpResponse:
    """Give up one second factor."""
    account.remove_factor(by=request.caller, factor_id=factor_id)  # type: ignore[attr-defined]
    return done(request, ENROLMENT, "The second factor is removed.")


@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign out of one other browser."""
    account.end_own_session(by=request.caller, session_id=session_id)  # type: ignore[attr-defined]
    return done(request, URL, "That session has ended.")


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    ended = account.sign_out_elsewhere(
        by=request.caller,  # type: ignore[attr-defined]
        session_id=request.signed_in.session_id,  # type: ignore[attr-defined]
    )
    return done(request, URL, f"{ended} other session{'' if ended == 1 else 's'} ended.")


def _added(request: HttpRequest, fresh: list[str], said: str) -> HttpResponse:
    """Go on under a new key; recovery codes are shown this once."""
    request.session.cycle_key()
    request.session["confirmed_at"] = timezone.now().isoformat()
    if not fresh:
        return done(request, ENROLMENT, said)
    return page(request, "account/recovery_codes.html", {"codes": fresh, "said": said})


def _not_made() -> Refusal:
    return Invalid("passkey_refused", "The passkey was not added. Reload the page and try again.")


def _qr(address: str) -> str:
    drawn = segno.make(address, error="m").svg_inline(omitsize=True, light="#fff", dark="#000")
    return mark_safe(drawn)  # noqa: S308 - drawn here, holds nothing but squares


def _device_of(request: HttpRequest) -> str:
    """What a passkey made here may be called."""
    agent = request.headers.get("User-Agent", "")
    known = {"iPhone": "iPhone", "Android": "Android", "Mac": "Mac", "Windows": "Windows"}
    return next((name for mark, name in known.items() if mark in agent), "This device")
