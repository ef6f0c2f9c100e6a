"""Forgery, headers, cookies and secrets: what every page and every answer promises."""

import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from orderwright.identity import actions as identity
from orderwright.web.urls import urlpatterns
from tests.company import PASSWORD, Company
from tests.web.conftest import signed_in

ID = "00000000-0000-7000-8000-000000000000"
SOUND = "System check identified no issues (3 silenced).\n"
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")


def addresses() -> Iterator[str]:
    """Every address that a page has, with made-up parameters."""
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        route = str(one.pattern)
        if "<path:" not in route:
            yield "/" + PARAMETER.sub(lambda m: ID if m[1] == "uuid" else "1", route)


def test_no_page_takes_a_form_without_its_token(company: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(company.email).cookies
    taken = {
        address: status
        for address in addresses()
        if (status := client.post(address, {}).status_code) not in {403, 405}
    }
    assert taken == {}


def test_no_form_that_posts_goes_without_a_token(admin: Client) -> None:
    without = []
    for address in addresses():
        answer: Any = admin.get(address)
        html = b"".join(answer)  # files are streamed
        forms = re.findall(rb'<form[^>]*method="post".*?</form>', html, re.DOTALL)
        without += [address for form in forms if b"csrfmiddlewaretoken" not in form]
    assert without == []


@pytest.mark.parametrize("address", ["/customers", "/sign-in", "/account", "/nowhere"])
def test_every_page_carries_the_headers_that_protect_it(admin: Client, address: str) -> None:
    answer = admin.get(address)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_the_cookie_of_a_session_is_for_the_server_alone(company: Company) -> None:
    cookie = signed_in(company.email).cookies["sessionid"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_pages_of_people_are_kept_by_no_cache(admin: Client) -> None:
    assert admin.get("/account")["Cache-Control"] == "private, no-store"


def test_a_deployment_behind_tls_passes_djangos_own_check() -> None:
    known = {name: held for name, held in os.environ.items() if "ASYNC" not in name}
    surroundings = known | {
        "DJANGO_SETTINGS_MODULE": "orderwright.settings",
        "ORDERWRIGHT_HTTPS": "true",
        "ORDERWRIGHT_PROXIES": "1",
        "ORDERWRIGHT_ALLOWED_HOSTS": "orders.example.com",
        "ORDERWRIGHT_SECRET_KEY": "a secret key of the tests, of fifty characters and 9 more!",
        "ORDERWRIGHT_DEBUG": "false",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    checked = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout) == (0, SOUND), checked.stderr


def test_only_a_proxy_of_ours_says_where_somebody_comes_from(
    company: Company, settings: pytest.FixtureRequest
) -> None:
    forged = {"X-Forwarded-For": "203.0.113.1"}
    for number in range(6):
        headers = {"X-Forwarded-For": f"203.0.113.{number}"}
        sent = {"email": company.email, "password": "wrong password"}
        last = Client().post("/sign-in", sent, headers=headers).status_code
    assert last == 429
    settings.PROXIES = 1  # type: ignore[attr-defined]
    sent = {"email": company.email, "password": PASSWORD}
    assert Client().post("/sign-in", sent, headers=forged).status_code == 302


def test_no_secret_reaches_a_log(company: Company, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        company.enter()
        key = identity.create_api_key(by=company.by, name="Shop", role="Sales")
        browser = signed_in(company.email)
        browser.get("/products", headers={"Authorization": f"Bearer {key}"})
        Client().post("/sign-in", {"email": company.email, "password": "a wrong secret"})
    session = browser.cookies["sessionid"].value
    said = [record.getMessage() for record in caplog.records if record.name != "django.db.backends"]
    kept = [secret for secret in (key, PASSWORD, "a wrong secret", session) if secret in str(said)]
    assert kept == []


@pytest.mark.parametrize("path", ["/users", "/roles", "/api-keys", "/organization", "/events"])
def test_no_answer_holds_a_secret(company: Company, path: str) -> None:
    api = company.api()
    api.post("/users", {"email": "bo@works.example", "role": "Sales", "password": PASSWORD})
    answer = api.get(path)
    assert answer.status == 200
    held = str(answer.body)
    secrets = ("argon2", PASSWORD, company.api_key, "digest", "'password'")
    assert [secret for secret in secrets if secret in held] == []
