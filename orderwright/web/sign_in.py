"""Sign in and out: password, second factor, passkey. One sentence answers every failure."""

import json
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from orderwright.directory import account
from orderwright.identity import factors, passkeys, sessions, throttle
from orderwright.identity import queries as callers
from orderwright.identity import sign_in as identity
from orderwright.identity.factors import FactorRow, Person
from orderwright.identity.sessions import Visit
from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import Refusal, TooMany
from orderwright.web.forms import Form
from orderwright.web.headers import address_of, host_of
from orderwright.web.road import page

HOME: Final = "/"
OPENED: Final = "opened_by_password"
HALF: Final = "half"
PASSKEY: Final = "passkey"
HALF_LASTS: Final = timedelta(minutes=10)
REFUSED: Final = "This e-mail address and password do not open anything."


def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for e-mail and password, and for the organization when the password opens several."""
    form = Form.of({"next": request.GET.get("next", "")})
    if request.method != "POST":
        return page(request, "sign_in.html", {"form": form})
    form = Form.posted(request)
    try:
        opened = identity.sign_in(
            email=form.text("email"),
            password=form.value("password"),
            now=timezone.now(),
            address=address_of(request),
        )
    except TooMany as refusal:
        return too_many(request, "sign_in.html", form, refusal)
    if not opened:
        form.message = REFUSED
        return page(request, "sign_in.html", {"form": form}, status=422)
    if len(opened) == 1:
        user_id, organization_id, _ = opened[0]
        return _proceed(request, Person(organization_id, user_id), form.text("next"))
    request.session[OPENED] = [[str(user), str(mine)] for user, mine, _ in opened]
    organizations = [(str(user_id), name) for user_id, _, name in opened]
    return page(request, "sign_in.html", {"form": form, "organizations": organizations})


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Enter one of the organizations that the password has just opened."""
    form = Form.posted(request)
    opened = dict(request.session.get(OPENED, []))
    chosen = form.value("user")
    if chosen not in opened:
        return redirect("/sign-in")
    return _proceed(request, Person(UUID(opened[chosen]), UUID(chosen)), form.text("next"))


def second(request: HttpRequest) -> HttpResponse:
    """After the password: a code of an app, a recovery code, or a passkey."""
    half = _half(request)
    if half is None:
        return redirect("/sign-in")
    person, wanted = half
    with entered(person.organization_id):
        kinds = {one.kind for one in factors.factors_of(person)}
    context: dict[str, Any] = {"form": Form.of(), "kinds": kinds}
    if request.method != "POST":
        return page(request, "sign_in_second.html", context)
    form = context["form"] = Form.posted(request)
    try:
        throttle.attempt("second", str(person.user_id), most=5, now=timezone.now())
    except TooMany as refusal:
        return too_many(request, "sign_in_second.html", form, refusal, kinds=kinds)
    with entered(person.organization_id):
        is_good = factors.take_code(person, form.text("code"), now=timezone.now())
    if not is_good:
        form.errors["code"] = factors.wrong_code("code").fields["code"]
        return page(request, "sign_in_second.html", context, status=422)
    throttle.succeeded("second", str(person.user_id))
    return enter(request, person, way="second factor", wanted=wanted)


@require_POST
def begin_passkey(request: HttpRequest) -> HttpResponse:
    """What the browser asks its passkeys: any of this place, or those of who gave a password."""
    half = _half(request)
    if half is None:
        begun = passkeys.begin_sign_in(host=host_of(request))
    else:
        with entered(half[0].organization_id):
            begun = passkeys.begin_sign_in(host=host_of(request), person=half[0])
    request.session[PASSKEY] = begun.state
    return JsonResponse(begun.options)


@require_POST
def with_passkey(request: HttpRequest) -> HttpResponse:
    """Come in with what a passkey has signed."""
    form = Form.posted(request)
    half = _half(request)
    state = request.session.pop(PASSKEY, None)
    try:
        throttle.attempt("passkey", address_of(request), most=30, now=timezone.now())
        person = _person_of_passkey(request, state, form.value("response"))
        if half is not None and half[0] != person:
            raise passkeys.refused()
    except Refusal as refusal:
        form.message = refusal.message
        return page(request, "sign_in.html", {"form": form}, status=refusal.status)
    throttle.forgive("passkey", address_of(request))
    wanted = half[1] if half else form.text("next")
    return enter(request, person, way="passkey", wanted=wanted)


def again(request: HttpRequest) -> HttpResponse:
    """The password once more, before somebody changes how they sign in."""
    form = Form.of({"next": request.GET.get("next", "")})
    if request.method == "POST":
        form = Form.posted(request)
        try:
            throttle.attempt(
                "again", str(request.session.get("user_id")), most=5, now=timezone.now()
            )
        except TooMany as refusal:
            return too_many(request, "sign_in_again.html", form, refusal)
    with transaction.atomic():
        signed_in = callers.caller_of_cookie(request.session, now=timezone.now())
        if signed_in is None:
            return redirect("/sign-in")
        is_right = request.method == "POST" and account.is_own_password(
            by=signed_in.caller, password=form.value("password")
        )
    if not is_right:
        if request.method == "POST":
            form.errors |= {"password": "This is not your password."}
        status = 422 if form.errors else 200
        return page(request, "sign_in_again.html", {"form": form}, status=status)
    throttle.succeeded("again", str(request.session["user_id"]))
    request.session.cycle_key()
    now = timezone.now().isoformat()
    request.session.update({"confirmed_at": now, "again_at": now})
    return redirect(inside(request, form.text("next")))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    signed_in = request.signed_in  # type: ignore[attr-defined]
    by = signed_in.caller
    sessions.end_session(
        organization_id=by.organization_id,
        user_id=by.actor.id,
        session_id=signed_in.session_id,
        now=by.now,
    )
    request.session.flush()
    return redirect("/sign-in")


def enter(request: HttpRequest, person: Person, *, way: str, wanted: str = "") -> HttpResponse:
    """Start a session under a new key, and go on where the person wanted to go."""
    now = timezone.now()
    request.session.flush()
    session_id = sessions.open_session(
        organization_id=person.organization_id,
        user_id=person.user_id,
        visit=Visit(way, address_of(request), request.headers.get("User-Agent", "")),
        now=now,
    )
    request.session["user_id"] = str(person.user_id)
    request.session["session_id"] = str(session_id)
    request.session["confirmed_at"] = now.isoformat()
    return redirect(inside(request, wanted))


def inside(request: HttpRequest, wanted: str) -> str:
    """The address to go on at, if it is one of ours; else the start page."""
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if is_ours else HOME


def too_many(
    request: HttpRequest, template: str, form: Form, refusal: TooMany, **further: Any
) -> HttpResponse:
    """The form again, with how long to wait."""
    form.message = refusal.message
    response = page(request, template, {"form": form, **further}, status=429)
    response["Retry-After"] = str(refusal.details["retry_after"])
    return response


def _proceed(request: HttpRequest, person: Person, wanted: str) -> HttpResponse:
    with entered(person.organization_id):
        known: list[FactorRow] = factors.factors_of(person)
    if not known:
        return enter(request, person, way="password", wanted=wanted)
    request.session.flush()
    request.session[HALF] = {
        "user": str(person.user_id),
        "organization": str(person.organization_id),
        "at": timezone.now().isoformat(),
        "next": wanted,
    }
    return redirect("/sign-in/second")


def _half(request: HttpRequest) -> tuple[Person, str] | None:
    """Who has given a password and not yet a second factor, and where they want to go."""
    held = request.session.get(HALF)
    if held is None or timezone.now() - datetime.fromisoformat(held["at"]) > HALF_LASTS:
        return None
    return Person(UUID(held["organization"]), UUID(held["user"])), held["next"]


def _person_of_passkey(request: HttpRequest, state: Any, sent: str) -> Person:
    try:
        response = json.loads(sent)
    except ValueError as error:
        raise passkeys.refused() from error
    if state is None or not isinstance(response, dict):
        raise passkeys.refused()
    return passkeys.sign_in(
        host=host_of(request), state=state, response=response, now=timezone.now()
    )
