"""A company whose people sit in front of a browser."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page

from orderwright.identity import actions as identity
from tests.company import PASSWORD, Company, found_company


@pytest.fixture
def company(db: None) -> Company:
    """A founded company."""
    return found_company()


def signed_in(email: str) -> Client:
    """The browser of a person who has signed in."""
    client = Client()
    answer = client.post("/sign-in", {"email": email, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def sign_in(page: Page, email: str) -> None:
    """The same in a real browser."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


@pytest.fixture
def admin(company: Company) -> Client:
    """The founder's browser."""
    return signed_in(company.email)


@pytest.fixture
def person(company: Company) -> Callable[[str], Client]:
    """The browser of somebody with a role."""

    def of_role(role: str) -> Client:
        email = f"{role.lower()}@works.example"
        company.enter()
        identity.create_user(by=company.by, email=email, role=role, password=PASSWORD)
        return signed_in(email)

    return of_role
