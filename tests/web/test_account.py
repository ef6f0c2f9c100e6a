"""One's own account: password, second factors and sessions."""

import base64
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from orderwright.activity.models import Event
from orderwright.identity import codes
from orderwright.identity.models import Authenticator
from orderwright.web.sign_in import HOME
from tests.company import PASSWORD, Company
from tests.web.conftest import signed_in

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def give_password_again(client: Client) -> None:
    answer = client.post("/sign-in/again", {"password": PASSWORD, "next": "/account"})
    assert (answer.status_code, answer["Location"]) == (302, "/account")


def with_app(client: Client) -> tuple[bytes, list[str]]:
    """Set an app up as the second factor: its secret and the recovery codes."""
    shown = client.get("/account/second-factor/app")
    (text,) = re.findall(r'<code class="secret">([A-Z2-7]+)</code>', shown.content.decode())
    secret = base64.b32decode(text)
    code = codes.code_of_step(secret, codes.step_of(datetime.now(UTC)))
    added = client.post("/account/second-factor/app", {"code": code})
    return secret, re.findall(r"<li>([a-z0-9-]{14})</li>", added.content.decode())


def half_in(company: Company) -> Client:
    client = Client()
    answer = client.post("/sign-in", {"email": company.email, "password": PASSWORD})
    assert answer["Location"] == "/sign-in/second"
    return client


def events(company: Company) -> list[str]:
    company.enter()
    mine = Event.objects.of(company.id).filter(subject_id=company.user_id)
    return list(mine.order_by("pk").values_list("type", flat=True))


def test_a_person_changes_name_and_how_times_are_shown(company: Company, admin: Client) -> None:
    sent = {"first_name": "Ada", "last_name": "Lovelace", "theme": "dark", "times": "exact"}
    assert admin.post("/account", {**sent, "version": "1"}).status_code == 302
    html = admin.get("/account").content.decode()
    assert 'data-theme-choice="dark"' in html
    assert "Ada Lovelace" in html
    assert admin.post("/account", {**sent, "first_name": "B", "version": "1"}).status_code == 409
    assert events(company) == ["user.updated"]


def test_a_new_password_asks_for_the_old_one_and_ends_other_sessions(
    company: Company, admin: Client
) -> None:
    other = signed_in(company.email)
    asked = admin.get("/account/password")
    assert asked["Location"] == "/sign-in/again?next=/account/password"
    assert admin.post("/sign-in/again", {"password": "wrong"}).status_code == 422
    give_password_again(admin)
    assert admin.post("/account/password", {"password": "short"}).status_code == 422
    before = admin.session.session_key
    assert admin.post("/account/password", {"password": "a better one"}).status_code == 302
    assert admin.session.session_key != before
    assert admin.get("/customers").status_code == 200
    assert other.get("/customers").status_code == 302
    assert events(company) == ["user.signed_out_elsewhere", "user.password_changed"]
    answer = Client().post("/sign-in", {"email": company.email, "password": "a better one"})
    assert answer.status_code == 302


def test_the_password_is_asked_five_times_only(company: Company, admin: Client) -> None:
    for _ in range(5):
        assert admin.post("/sign-in/again", {"password": "wrong"}).status_code == 422
    assert admin.post("/sign-in/again", {"password": PASSWORD}).status_code == 429


def test_sessions_are_listed_and_end_one_by_one(company: Company, admin: Client) -> None:
    other = signed_in(company.email)
    third = signed_in(company.email)
    html = admin.get("/account").content.decode()
    ends = re.findall(r'action="(/account/sessions/[0-9a-f-]+/end)"', html)
    assert len(ends) == 2
    assert admin.post(ends[0]).status_code == 302
    assert sorted(client.get("/customers").status_code for client in (other, third)) == [200, 302]
    assert admin.post("/account/sessions/end-others").status_code == 302
    assert [client.get("/customers").status_code for client in (other, third)] == [302, 302]
    assert admin.get("/customers").status_code == 200


def test_nobody_ends_the_session_of_another(company: Company, admin: Client) -> None:
    from tests.company import found_company

    stranger = found_company("Second Works", email="eve@second.example")
    theirs = signed_in(stranger.email)
    session_id = theirs.session["session_id"]
    assert admin.post(f"/account/sessions/{session_id}/end").status_code == 404
    assert theirs.get("/customers").status_code == 200


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(
    company: Company, admin: Client
) -> None:
    thief = Client()
    thief.cookies["sessionid"] = admin.cookies["sessionid"].value
    assert thief.get("/customers").status_code == 200
    admin.post("/sign-out")
    assert thief.get("/customers").status_code == 302


def test_after_the_password_comes_a_code_that_is_good_once(company: Company, admin: Client) -> None:
    with time_machine.travel(START, tick=False) as clock:
        admin = signed_in(company.email)
        secret, recovery = with_app(admin)
        assert len(recovery) == 10
        code = codes.code_of_step(secret, codes.step_of(START))
        client = half_in(company)
        assert client.get("/customers").status_code == 302
        assert client.post("/sign-in/second", {"code": code}).status_code == 422
        clock.shift(timedelta(seconds=30))
        fresh = codes.code_of_step(secret, codes.step_of(START) + 1)
        assert client.post("/sign-in/second", {"code": fresh})["Location"] == HOME
        assert client.get("/customers").status_code == 200
        assert half_in(company).post("/sign-in/second", {"code": fresh}).status_code == 422
    assert events(company) == ["user.factor_added"]


@pytest.mark.parametrize(("steps", "status"), [(-1, 422), (1, 302), (2, 422)])
def test_a_phone_may_be_half_a_minute_ahead(company: Company, steps: int, status: int) -> None:
    with time_machine.travel(START, tick=False):
        secret, _ = with_app(signed_in(company.email))
        code = codes.code_of_step(secret, codes.step_of(START) + steps)
        assert half_in(company).post("/sign-in/second", {"code": code}).status_code == status


def test_a_recovery_code_lets_in_once_however_it_is_typed(company: Company) -> None:
    _, recovery = with_app(signed_in(company.email))
    typed = recovery[0].upper().replace("-", " ")
    assert half_in(company).post("/sign-in/second", {"code": typed}).status_code == 302
    assert half_in(company).post("/sign-in/second", {"code": recovery[0]}).status_code == 422
    assert half_in(company).post("/sign-in/second", {"code": recovery[1]}).status_code == 302


def test_five_wrong_codes_rest_the_second_factor(company: Company) -> None:
    _, recovery = with_app(signed_in(company.email))
    client = half_in(company)
    for _ in range(5):
        assert client.post("/sign-in/second", {"code": "000000"}).status_code == 422
    waiting = client.post("/sign-in/second", {"code": recovery[0]})
    assert waiting.status_code == 429
    assert 0 < int(waiting["Retry-After"]) <= 900


def test_half_way_in_ends_after_ten_minutes(company: Company) -> None:
    with time_machine.travel(START, tick=False) as clock:
        _, recovery = with_app(signed_in(company.email))
        client = half_in(company)
        clock.shift(timedelta(minutes=10, seconds=1))
        assert client.post("/sign-in/second", {"code": recovery[0]})["Location"] == "/sign-in"


def test_a_wrong_code_adds_no_app_and_keeps_the_secret_on_the_page(
    company: Company, admin: Client
) -> None:
    first = admin.get("/account/second-factor/app").content.decode()
    wrong = admin.post("/account/second-factor/app", {"code": "abc"})
    assert wrong.status_code == 422
    pattern = r'<code class="secret">([A-Z2-7]+)</code>'
    assert re.findall(pattern, wrong.content.decode()) == re.findall(pattern, first)
    company.enter()
    assert Authenticator.objects.of(company.id).count() == 0


def test_the_secret_of_an_app_is_not_readable_in_the_database(company: Company) -> None:
    secret, _ = with_app(signed_in(company.email))
    company.enter()
    kept = bytes(Authenticator.objects.of(company.id).get().secret)
    assert secret not in kept
    assert codes.shown_secret(secret).encode() not in kept


def test_without_factors_the_password_is_enough_again(company: Company) -> None:
    client = signed_in(company.email)
    with_app(client)
    html = client.get("/account/second-factor").content.decode()
    (remove,) = re.findall(r'action="(/account/second-factor/[0-9a-f-]+/remove)"', html)
    assert client.post(remove).status_code == 302
    assert signed_in(company.email).get("/customers").status_code == 200
    assert events(company) == ["user.factor_added", "user.factor_removed"]


def test_where_a_second_factor_is_asked_for_nothing_goes_before_it(
    company: Company, admin: Client
) -> None:
    set_day = {"settings": {"security.second_factor_from": "2026-03-09"}}
    assert company.api().patch("/organization", set_day).status == 200
    with time_machine.travel(START, tick=False) as clock:
        client = signed_in(company.email)
        assert client.get("/customers").status_code == 200
        reminded = client.get("/account/second-factor").content.decode()
        assert "asks everybody for a second factor. Add one until then." in reminded
        clock.shift(timedelta(days=7))
        client = signed_in(company.email)
        assert client.get("/customers")["Location"] == "/account/second-factor"
        assert client.get("/api/v1/products").status_code == 403
        with_app(client)
        assert client.get("/customers").status_code == 200
        assert client.get("/api/v1/products").status_code == 200
    assert company.api().get("/products").status == 200
