"""Pages of webhooks: endpoints, their secret shown once, deliveries, and sending again."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from orderwright.webhooks import signing
from orderwright.webhooks.models import Delivery, Endpoint
from tests.company import Company

URL = "/settings/webhooks"


@pytest.fixture
def made(company: Company, admin: Client) -> Endpoint:
    sent = {"url": "https://hooks.example.com/in", "description": "Shop", "everything": "on"}
    assert admin.post(f"{URL}/new", sent).status_code == 200
    return endpoint(company)


def endpoint(company: Company) -> Endpoint:
    company.enter()
    found: Endpoint = Endpoint.objects.of(company.id).get()
    return found


def deliveries(company: Company) -> list[Delivery]:
    company.enter()
    return list(Delivery.objects.of(company.id).order_by("pk"))


def html(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_secret_is_on_the_page_that_makes_it_and_on_no_other(
    company: Company, admin: Client
) -> None:
    sent = {"url": "https://hooks.example.com/in", "event_types": ["lot.adjusted", "invoice.*"]}
    shown = admin.post(f"{URL}/new", sent).content.decode()
    (secret,) = re.findall(r"whsec_[\w+/=]+", shown.replace("&#x3D;", "="))
    row = endpoint(company)
    assert signing.opened(row.secret) == secret
    assert row.event_types == ["invoice.*", "lot.adjusted"]
    for url in (URL, f"{URL}/{row.pk}", f"{URL}/{row.pk}/edit", "/audit"):
        assert "whsec_" not in html(admin, url)
    assert "hooks.example.com" in html(admin, URL)


def test_a_new_secret_is_shown_once_too(company: Company, admin: Client, made: Endpoint) -> None:
    shown = admin.post(f"{URL}/{made.pk}/rotate").content.decode()
    assert signing.opened(endpoint(company).secret) in shown.replace("&#x3D;", "=")
    assert bytes(endpoint(company).previous_secret) == bytes(made.secret)
    assert "Former secret" in html(admin, f"{URL}/{made.pk}")


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"url": "", "everything": "on"}, "url", "Give the address of the receiver."),
        ({"url": "http://hooks.example.com", "everything": "on"}, "url", "https://"),
        ({"url": "https://10.0.0.1", "everything": "on"}, "url", "public addresses only"),
        ({"url": "https://hooks.example.com"}, "event_types", "Choose at least one event"),
        (
            {"url": "https://hooks.example.com", "event_types": "cow.sold"},
            "event_types",
            "There is no such event type",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    company: Company, admin: Client, sent: dict[str, str], field: str, sentence: str
) -> None:
    refused = admin.post(f"{URL}/new", {"description": "Shop", **sent})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert sentence in re.search(rf'id="e-{field}">.*?</p>', shown, re.DOTALL)[0]  # type: ignore[index]
    assert 'value="Shop"' in shown
    company.enter()
    assert Endpoint.objects.of(company.id).count() == 0


def test_an_endpoint_is_changed_and_a_second_editor_is_told(
    company: Company, admin: Client, made: Endpoint
) -> None:
    sent = {"url": made.url, "description": "Store", "event_types": "lot.*", "version": "1"}
    assert admin.post(f"{URL}/{made.pk}/edit", sent).status_code == 302
    row = endpoint(company)
    assert (row.description, row.event_types, row.version) == ("Store", ["lot.*"], 2)
    assert admin.post(f"{URL}/{made.pk}/edit", sent).status_code == 409


def test_a_test_is_sent_seen_and_sent_again(
    company: Company, admin: Client, made: Endpoint
) -> None:
    assert admin.post(f"{URL}/{made.pk}/test").status_code == 302
    (test,) = deliveries(company)
    assert (test.event_type, test.status) == ("webhook.test", "pending")
    assert "Webhook: test" in html(admin, f"{URL}/{made.pk}")
    at = f"{URL}/{made.pk}/deliveries/{test.pk}"
    shown = html(admin, at)
    assert "&quot;type&quot;: &quot;webhook.test&quot;" in shown
    company.enter()
    Delivery.objects.of(company.id).update(
        status="exhausted", next_attempt_at=None, attempts=10, response_status=500
    )
    assert "Given up" in html(admin, f"{URL}/{made.pk}?status=unhappy")
    assert "Webhook: test" not in html(admin, f"{URL}/{made.pk}?status=delivered")
    assert "Webhook: test" not in html(admin, f"{URL}/{made.pk}?q=invoice")
    assert admin.post(f"{at}/replay").status_code == 302
    assert [(one.status, one.attempts) for one in deliveries(company)] == [("pending", 0)]


def test_all_that_failed_is_sent_again_and_everything_since_a_day(
    company: Company, admin: Client, made: Endpoint
) -> None:
    admin.post(f"{URL}/{made.pk}/test")
    company.enter()
    Delivery.objects.of(company.id).update(status="failed", attempts=3)
    page = html(admin, f"{URL}/{made.pk}")
    assert "Replay failed" in page
    assert admin.post(f"{URL}/{made.pk}/replay-failed").status_code == 302
    assert "1 event is on the way again." in html(admin, f"{URL}/{made.pk}")
    assert "Replay failed" not in html(admin, f"{URL}/{made.pk}")
    refused = admin.post(f"{URL}/{made.pk}/replay", {"since": "2020-01-01"})
    assert refused.status_code == 422
    assert "Give a moment of the last 30 days." in refused.content.decode()


def test_a_disabled_endpoint_says_so_and_is_enabled_again(
    company: Company, admin: Client, made: Endpoint
) -> None:
    assert admin.post(f"{URL}/{made.pk}/disable").status_code == 302
    assert "Nothing is sent." in html(admin, f"{URL}/{made.pk}")
    assert admin.post(f"{URL}/{made.pk}/test").status_code == 409
    assert admin.post(f"{URL}/{made.pk}/enable").status_code == 302
    assert endpoint(company).is_active
    assert admin.post(f"{URL}/{made.pk}/remove").status_code == 302
    company.enter()
    assert Endpoint.objects.of(company.id).count() == 0


@pytest.mark.parametrize("role", ["Manager", "Sales", "Viewer", "Finance"])
def test_only_admins_see_webhooks(
    made: Endpoint, person: Callable[[str], Client], role: str
) -> None:
    client: Any = person(role)
    assert client.get(URL).status_code == 403
    assert client.get(f"{URL}/{made.pk}").status_code == 403
    assert client.post(f"{URL}/{made.pk}/rotate").status_code == 403
