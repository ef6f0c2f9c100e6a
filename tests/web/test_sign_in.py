"""Who comes in, and who does not."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from orderwright.identity import throttle
from orderwright.web.sign_in import HOME, REFUSED
from tests.company import PASSWORD, Company, found_company

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def attempt(client: Client, email: str, password: str, **fields: str) -> tuple[int, str]:
    answer = client.post("/sign-in", {"email": email, "password": password, **fields})
    said = answer.context["form"].message if answer.context else answer["Location"]
    return answer.status_code, said


def test_the_right_password_opens_the_start_page(company: Company) -> None:
    assert attempt(Client(), company.email, PASSWORD) == (302, HOME)


def test_the_address_is_read_without_regard_to_case(company: Company) -> None:
    assert attempt(Client(), " ADA@Works.Example ", PASSWORD) == (302, HOME)


@pytest.mark.parametrize("email", ["ada@works.example", "nobody@works.example", ""])
def test_every_failure_gets_the_same_sentence(company: Company, email: str) -> None:
    assert attempt(Client(), email, "wrong password") == (422, REFUSED)


def test_the_address_stays_in_its_field_and_the_password_does_not(company: Company) -> None:
    answer = Client().post("/sign-in", {"email": company.email, "password": "wrong password"})
    assert answer.content.count(b'value="ada@works.example"') == 1
    assert answer.content.count(b"wrong password") == 0


def test_five_failures_rest_a_login_for_fifteen_minutes(company: Company) -> None:
    client = Client()
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(5):
            assert attempt(client, company.email, "wrong password") == (422, REFUSED)
        clock.shift(timedelta(minutes=4, seconds=30))
        waiting = client.post("/sign-in", {"email": company.email, "password": PASSWORD})
        assert (waiting.status_code, waiting["Retry-After"]) == (429, "630")
        assert waiting.context["form"].message == "Too many attempts. Please wait 11 minutes."
        clock.shift(timedelta(minutes=10, seconds=29))
        assert attempt(client, company.email, PASSWORD)[0] == 429
        clock.shift(timedelta(seconds=1))
        assert attempt(client, company.email, PASSWORD) == (302, HOME)


def test_failures_from_elsewhere_keep_nobody_out(company: Company) -> None:
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    for _ in range(6):
        attempt(stranger, company.email, "wrong password")
    assert attempt(stranger, company.email, PASSWORD)[0] == 429
    assert attempt(Client(), company.email, PASSWORD) == (302, HOME)


def test_one_address_cannot_try_a_hundred_accounts(company: Company) -> None:
    for _ in range(100):
        throttle.attempt("address", "127.0.0.1", most=100, now=timezone.now())
    assert attempt(Client(), company.email, PASSWORD)[0] == 429
    assert attempt(Client(REMOTE_ADDR="203.0.113.9"), company.email, PASSWORD)[0] == 302


def test_four_failures_and_a_success_start_the_count_again(company: Company) -> None:
    client = Client()
    for _ in range(2):
        for _ in range(4):
            assert attempt(client, company.email, "wrong password") == (422, REFUSED)
        assert attempt(client, company.email, PASSWORD) == (302, HOME)


def test_the_session_gets_a_new_key_when_somebody_comes_in(company: Company) -> None:
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    before = session.session_key
    attempt(client, company.email, PASSWORD)
    assert client.session.session_key != before
    assert set(client.session.keys()) == {"user_id", "session_id", "confirmed_at"}
    assert client.session["user_id"] == str(company.user_id)


def test_a_person_of_two_organizations_is_asked_which(company: Company) -> None:
    other = found_company("Second Works")
    client = Client()
    answer = client.post("/sign-in", {"email": company.email, "password": PASSWORD})
    assert {name for _, name in answer.context["organizations"]} == {
        "Orderwright Works",
        "Second Works",
    }
    entered = client.post("/sign-in/organization", {"user": str(other.user_id)})
    assert (entered.status_code, entered["Location"]) == (302, "/")
    assert client.session["user_id"] == str(other.user_id)


def test_nobody_enters_an_organization_that_the_password_did_not_open(company: Company) -> None:
    other = found_company("Second Works", email="eve@second.example")
    client = Client()
    attempt(client, company.email, PASSWORD)
    entered = client.post("/sign-in/organization", {"user": str(other.user_id)})
    assert entered["Location"] == "/sign-in"
    assert client.session["user_id"] == str(company.user_id)


def test_a_page_asks_to_sign_in_and_goes_on_there(company: Company) -> None:
    client = Client()
    asked = client.get("/customers?q=acme")
    assert asked["Location"] == "/sign-in?next=/customers%3Fq%3Dacme"
    assert attempt(client, company.email, PASSWORD, next="/customers?q=acme") == (
        302,
        "/customers?q=acme",
    )


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:x"])
def test_signing_in_never_leads_to_another_host(company: Company, wanted: str) -> None:
    assert attempt(Client(), company.email, PASSWORD, next=wanted) == (302, HOME)


def test_signing_out_ends_the_session(admin: Client) -> None:
    assert admin.get("/customers").status_code == 200
    assert admin.post("/sign-out")["Location"] == "/sign-in"
    assert admin.get("/customers").status_code == 302


def test_a_link_cannot_sign_anybody_out(admin: Client) -> None:
    assert admin.get("/sign-out").status_code == 405
    assert admin.get("/customers").status_code == 200


def test_a_form_without_its_token_is_refused(company: Company) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in", {"email": company.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert b"The form has expired" in answer.content
