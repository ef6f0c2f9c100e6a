"""E-mail addresses, telephone numbers, web addresses and countries."""

import pytest

from orderwright.kernel.contacts import check_country, check_email, check_phone, check_website
from orderwright.kernel.errors import Invalid


@pytest.mark.parametrize(
    "address",
    ["ada@example.com", " a.b+c@sub.example.co.uk ", "o'neill@example.org", "münch@exämple.de"],
)
def test_an_address_that_mail_can_go_to_is_kept_trimmed(address: str) -> None:
    assert check_email(address) == address.strip()


@pytest.mark.parametrize(
    "text",
    ["", "ada", "ada@", "@example.com", "a b@example.com", "ada@example", "a@b..com", "a@b@c.de",
     "ada@example.com\nbcc: x@y.de", "<ada@example.com>", "x" * 65 + "@example.com", None, 5],
)  # fmt: skip
def test_what_is_no_mail_address_is_refused_with_its_field(text: object) -> None:
    with pytest.raises(Invalid) as refusal:
        check_email(text, "contacts.0.email")
    assert (refusal.value.code, list(refusal.value.fields)) == (
        "invalid_email",
        ["contacts.0.email"],
    )


@pytest.mark.parametrize(
    "number",
    ["+1 212 555 0100", "(212) 555-0100", "030/1234567", "+49 30 123456 ext. 12", "112"],
)
def test_a_number_is_taken_as_people_write_it(number: str) -> None:
    assert check_phone(number) == number


@pytest.mark.parametrize("text", ["", "call me", "12", "+999 123", "+1 2", "1" * 31, None, 5])
def test_what_is_no_phone_number_is_refused(text: object) -> None:
    with pytest.raises(Invalid) as refusal:
        check_phone(text)
    assert refusal.value.code == "invalid_phone"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("example.com", "https://example.com"),
        (" http://example.com/a?b=c ", "http://example.com/a?b=c"),
        ("https://sub.example.co.uk:8443/", "https://sub.example.co.uk:8443/"),
    ],
)
def test_a_web_address_gets_a_scheme(typed: str, kept: str) -> None:
    assert check_website(typed) == kept


@pytest.mark.parametrize(
    "text",
    ["", "javascript:alert(1)", "ftp://example.com", "http://", "https://exa mple.com",
     "http://[::1", "data:text/html,x", "https://example.com/" + "x" * 200, None],
)  # fmt: skip
def test_what_a_browser_should_not_open_is_refused(text: object) -> None:
    with pytest.raises(Invalid) as refusal:
        check_website(text)
    assert refusal.value.code == "invalid_url"


def test_a_country_is_a_code_of_two_letters() -> None:
    assert check_country(" de ") == "DE"
    for wrong in ("", "DEU", "XX", "UK", None, 49):
        with pytest.raises(Invalid) as refusal:
            check_country(wrong)
        assert refusal.value.code == "unknown_country"
