"""Pages for somebody who is not in yet: accept an invitation, choose a new password."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from orderwright.directory import joining
from orderwright.identity import throttle
from orderwright.kernel.errors import NotFound, TooMany
from orderwright.web.forms import Form
from orderwright.web.headers import address_of
from orderwright.web.road import page
from orderwright.web.sign_in import enter, too_many


def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Who is invited gives a name and a password, and is in."""
    now = timezone.now()
    try:
        with transaction.atomic():
            invited = joining.invitation(secret, now=now)
    except NotFound as refusal:
        return _not_good(request, refusal)
    form = Form.of({"first_name": invited.first_name, "last_name": invited.last_name})
    if request.method == "POST":
        form = Form.posted(request)
        sent = {name: form.value(name) for name in ("first_name", "last_name", "password")}
        if form.accept(lambda: joining.join(secret, sent=sent, now=now)):
            return enter(request, form.result, way="invitation")
    context = {"form": form, "invited": invited}
    return page(request, "account/join.html", context, status=form.status)


def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link by mail. The answer is the same whether the address has a login or not."""
    form = Form.of()
    if request.method != "POST":
        return page(request, "account/forgotten.html", {"form": form})
    form = Form.posted(request)
    email = form.text("email", required="Give your e-mail address.")
    if form.errors:
        return page(request, "account/forgotten.html", {"form": form}, status=422)
    try:
        throttle.attempt("forgotten", address_of(request), most=20, now=timezone.now())
        throttle.attempt("forgotten", email, address_of(request), most=5, now=timezone.now())
    except TooMany as refusal:
        return too_many(request, "account/forgotten.html", form, refusal)
    joining.ask_for_new_password(email=email)
    return page(request, "account/forgotten.html", {"form": form, "asked": True})


def new_password(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail: choose a new password."""
    now = timezone.now()
    try:
        with transaction.atomic():
            joining.check_reset(secret, now=now)
    except NotFound as refusal:
        return _not_good(request, refusal)
    form = Form.of()
    if request.method == "POST":
        form = Form.posted(request)
        sent = {"password": form.value("password")}
        if form.accept(lambda: joining.reset_password(secret, sent=sent, now=now)):
            messages.success(request, "Your new password is set. Sign in with it.")
            return redirect("/sign-in")
    return page(request, "account/new_password.html", {"form": form}, status=form.status)


def _not_good(request: HttpRequest, refusal: NotFound) -> HttpResponse:
    return page(request, "account/not_good.html", {"refusal": refusal}, status=404)
