"""Nonsense in every field of every form: refused beside the field, kept, and nothing is written."""

import re
from html import unescape
from typing import Any, Final

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from orderwright.activity.models import Event
from tests.web.forms_found import FoundForm, forms_of
from tests.web.places import Places, open_places, routes, signed_in

NONSENSE: Final = (
    "",
    "x" * 30_000,
    "twelve",
    "2026-02-30",
    "-1",
    "1e400",
    "a\0b",
    "<script>alert(1)</script>",
)
PUBLIC: Final = ("/sign-in", "/reset/", "/join/")
REFUSED: Final = {400, 403, 404, 409, 422, 429}
# A refusal says so with one of these.
SAID: Final = re.compile(r'aria-invalid="true"|role="alert"|class="[^"]*(notice|alert|refus)')
# A refusal of what was typed stands beside its field.
BESIDE: Final = re.compile(r'aria-invalid="true"')
# Nothing at all was given, so that no single field is wrong: the form says what is missing. Which
# of the two words of a sign-in is wrong is never said.
WHOLE: Final = re.compile(
    r"^/sign-in$|/merge$|/receive$|/select-inventory$|/issue-material$|/return$|/settle$"
    r"|/allocate$"
)
# Forms that a script sends while the page with what was typed stays.
STAYS: Final = re.compile(r"^/account/passkeys$|^/picks/[^/]+/lines/")
# What is never shown again.
SECRET: Final = {"password", "current_password", "code", "new_password", "confirm_number"}


@pytest.fixture
def places(db: None) -> Places:
    """A company with one of everything."""
    return open_places()


def found_forms(browser: Client, places: Places) -> dict[str, FoundForm]:
    """The forms of all pages, by page and action."""
    told: dict[str, FoundForm] = {}
    for route in routes():
        address = places.at(route)
        answer = browser.get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            for form in forms_of(answer.content.decode(), address):
                told.setdefault(f"{route} → {re.sub(r'[0-9a-f-]{36}', '…', form.action)}", form)
    return told


def files(form: FoundForm, text: str) -> dict[str, SimpleUploadedFile]:
    """A file of nonsense in every field that takes one; none where nothing is typed."""
    if not text:
        return {}
    content = text.encode()
    return {name: SimpleUploadedFile("nonsense.bin", content) for name in form.files}


def events(places: Places) -> int:
    places.world.company.enter()
    return Event.objects.of(places.world.company.id).count()


def is_whole(form: FoundForm, text: str) -> bool:
    """Whether the form may be refused as a whole."""
    on_sign_in = form.action == "/sign-in"
    return bool(STAYS.match(form.action)) or (
        bool(WHOLE.search(form.action)) and (on_sign_in or not text)
    )


def complaints(form: FoundForm, text: str, answer: HttpResponse, written: int) -> list[str]:
    """What is wrong with the answer to nonsense."""
    if answer.status_code >= 500:
        return [f"answers {answer.status_code}"]
    if answer.status_code not in REFUSED:
        assert "/sign-in" not in answer.get("Location", "") or form.action.startswith(PUBLIC)
        bad = form.numbers and text == "twelve" and answer.status_code == 302
        return ["takes words for numbers"] if bad else []
    told = ["is refused and writes"] if written else []
    html = answer.content.decode()
    if "html" in answer["Content-Type"] and not SAID.search(html):
        told.append(f"answers {answer.status_code} without a word")
    if answer.status_code == 422 and not (BESIDE.search(html) or is_whole(form, text)):
        told.append("marks no field")
    typed = [name for name in form.typed if name not in SECRET]
    is_kept = text in ("", "a\0b") or not typed or text in unescape(html)
    if answer.status_code == 422 and not is_kept and not STAYS.match(form.action):
        told.append("forgets what was typed")
    return told


def test_nonsense_in_every_field_is_refused_beside_it_kept_and_not_written(places: Places) -> None:
    browser = signed_in(places.world)
    browser.raise_request_exception = False
    forms = found_forms(browser, places)
    cookie = browser.cookies["sessionid"].value
    before = events(places)
    told = []
    for where, form in forms.items():
        for text in NONSENSE:
            browser.cookies["sessionid"] = cookie
            with transaction.atomic():
                answer: Any = browser.post(form.action, form.sent(text) | files(form, text))
                written = events(places) - before if answer.status_code < 500 else 0
                transaction.set_rollback(True)
            found = complaints(form, text, answer, written)
            told += [f"{where} {text[:30]!r}: {one}" for one in found]
    assert len(forms) > 60
    assert told == [], "\n".join(told)
