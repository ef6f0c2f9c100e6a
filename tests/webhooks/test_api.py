"""Endpoints and deliveries over HTTP: who may, what is said, and what stays secret."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from orderwright.activity.models import Event
from orderwright.identity.models import Role
from orderwright.webhooks import signing
from orderwright.webhooks.models import Delivery, Endpoint
from tests.company import Api, Company, found_company

pytestmark = pytest.mark.django_db

PATH = "/webhook-endpoints"
URL = "https://hooks.example.com/in"


@pytest.fixture
def company() -> Company:
    return found_company()


@pytest.fixture
def api(company: Company) -> Api:
    return company.api()


def made(api: Api, **fields: Any) -> Any:
    answer = api.post(PATH, {"url": URL, **fields})
    assert answer.status == 201, answer.body
    return answer.body


def test_an_endpoint_is_made_with_a_secret_that_no_other_answer_has(
    company: Company, api: Api
) -> None:
    record = made(api, description="Shop", event_types=["lot.adjusted", "invoice.*"])
    secret = record.pop("secret")
    assert secret.startswith("whsec_")
    row = Endpoint.objects.of(company.id).get()
    assert signing.opened(row.secret) == secret
    assert secret.encode() not in bytes(row.secret)
    assert record == api.get(f"{PATH}/{record['id']}").body
    assert api.get(PATH).body == {"data": [record], "next_cursor": None}
    shown = {name: record[name] for name in ("url", "event_types", "is_active", "health")}
    assert shown == {
        "url": URL,
        "event_types": ["invoice.*", "lot.adjusted"],
        "is_active": True,
        "health": {"waiting": 0, "failed_24h": 0, "failed": 0},
    }


def test_no_event_and_no_list_tells_a_secret_or_the_path_of_an_address(
    company: Company, api: Api
) -> None:
    record = made(api, url=f"{URL}/T0ken?key=T1ken")
    api.patch(f"{PATH}/{record['id']}", {"url": f"{URL}/T2ken", "description": "Shop"})
    api.post(f"{PATH}/{record['id']}/actions/rotate-secret")
    company.enter()
    told = str(list(Event.objects.of(company.id).values_list("type", "body")))
    assert "webhook_endpoint.secret_rotated" in told
    assert [secret for secret in ("whsec_", "T0ken", "T1ken", "T2ken") if secret in told] == []


@pytest.mark.parametrize(
    ("sent", "field", "code"),
    [
        ({}, "url", "required"),
        ({"url": "http://hooks.example.com"}, "url", "insecure_url"),
        ({"url": "https://127.0.0.1/in"}, "url", "private_address"),
        ({"url": "https://[::1]/in"}, "url", "private_address"),
        ({"url": "https://169.254.169.254/latest"}, "url", "private_address"),
        ({"url": "https://user:pw@hooks.example.com"}, "url", "invalid_url"),
        ({"url": "https://hooks.example.com:22"}, "url", "refused_port"),
        ({"url": URL, "event_types": ["cow.sold"]}, "event_types.0", "unknown_event_type"),
        ({"url": URL, "event_types": "lot.created"}, "event_types", "invalid_input"),
        ({"url": URL, "is_active": "maybe"}, "is_active", "invalid_flag"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    company: Company, api: Api, sent: dict[str, Any], field: str, code: str
) -> None:
    answer = api.post(PATH, sent)
    assert (answer.status, answer.body["code"], list(answer.body["fields"])) == (422, code, [field])
    record = made(api)
    if sent:
        refused = api.patch(f"{PATH}/{record['id']}", sent)
        assert (refused.status, list(refused.body["fields"])) == (422, [field])
    company.enter()
    assert [row.url for row in Endpoint.objects.of(company.id)] == [URL]


def test_a_stale_change_gets_the_record_as_it_is_now(api: Api) -> None:
    record = made(api)
    at = f"{PATH}/{record['id']}"
    changed = api.patch(at, {"description": "Shop", "version": 1})
    assert (changed.status, changed.body["version"]) == (200, 2)
    stale = api.patch(at, {"description": "Store", "version": 1})
    assert (stale.status, stale.body["code"]) == (409, "stale_version")
    assert stale.body["details"]["current"] == changed.body


def test_a_rotated_secret_leaves_the_former_one_for_a_day(company: Company, api: Api) -> None:
    record = made(api)
    rotated = api.post(f"{PATH}/{record['id']}/actions/rotate-secret").body
    assert rotated["secret"] != record["secret"]
    until = datetime.fromisoformat(rotated["previous_secret_until"])
    left = until - datetime.now(UTC)
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    company.enter()
    row = Endpoint.objects.of(company.id).get()
    assert signing.opened(row.previous_secret) == record["secret"]


def test_a_test_is_a_delivery_that_is_listed_read_and_replayed(company: Company, api: Api) -> None:
    at = f"{PATH}/{made(api)['id']}"
    test = api.post(f"{at}/actions/test").body
    payload = test.pop("payload")
    assert (payload["type"], payload["timestamp"]) == ("webhook.test", payload["data"]["at"])
    assert payload["data"]["id"] == test["event_id"]
    assert api.get(f"{at}/deliveries").body["data"] == [test]
    assert api.get(f"{at}/deliveries", status="delivered").body["data"] == []
    assert api.get(f"{at}/deliveries", status="eaten").status == 422
    company.enter()
    Delivery.objects.of(company.id).update(status="exhausted", attempts=10, next_attempt_at=None)
    assert api.get(at).body["health"]["failed"] == 1
    again = api.post(f"{at}/deliveries/{test['id']}/actions/replay").body
    assert (again["status"], again["attempts"], again["id"]) == ("pending", 0, test["id"])
    company.enter()
    Delivery.objects.of(company.id).update(status="failed", attempts=2)
    assert api.post(f"{at}/actions/replay-failed").body["replayed"] == 1


@pytest.mark.parametrize(
    "since", [None, "yesterday", "2020-01-01T00:00:00Z", "2999-01-01T00:00:00Z"]
)
def test_replay_from_asks_for_a_moment_of_the_last_month(api: Api, since: str | None) -> None:
    at = f"{PATH}/{made(api)['id']}"
    refused = api.post(f"{at}/actions/replay-from", {"since": since})
    assert (refused.status, list(refused.body["fields"])) == (422, ["since"])


def test_a_disabled_endpoint_neither_tests_nor_replays(api: Api) -> None:
    at = f"{PATH}/{made(api, is_active=False)['id']}"
    since = {"since": datetime.now(UTC).isoformat()}
    for action, body in (("test", {}), ("replay-failed", {}), ("replay-from", since)):
        refused = api.post(f"{at}/actions/{action}", body)
        assert (refused.status, refused.body["code"]) == (409, "endpoint_disabled")
    enabled = api.patch(at, {"is_active": True}).body
    assert (enabled["is_active"], enabled["disabled_at"]) == (True, None)
    assert api.post(f"{at}/actions/test").status == 200
    assert api.delete(at).status == 204
    assert api.get(at).status == 404


def test_who_may_not_see_prices_sends_them_nowhere(company: Company, api: Api) -> None:
    record = made(api)
    company.enter()
    Role.objects.create(
        organization_id=company.id,
        name="Set-up",
        permissions=["settings:read", "settings:create", "settings:update", "audit:read"],
    )
    theirs = company.api("Set-up")
    refused = theirs.post(PATH, {"url": URL})
    assert (refused.status, refused.body["details"]["permission"]) == (
        403,
        "orders_commercial:read",
    )
    at = f"{PATH}/{record['id']}"
    assert theirs.get(at).status == 200
    assert theirs.patch(at, {"url": f"{URL}/2"}).status == 403
    assert theirs.post(f"{at}/actions/rotate-secret").status == 403


def test_an_endpoint_of_others_is_not_there(company: Company, api: Api) -> None:
    other = found_company("Theirs", email="bo@theirs.example")
    theirs = made(other.api())
    test = other.api().post(f"{PATH}/{theirs['id']}/actions/test").body
    mine = made(api)
    at = f"{PATH}/{theirs['id']}"
    answers = [
        api.get(at),
        api.patch(at, {"description": "Mine"}),
        api.delete(at),
        api.post(f"{at}/actions/rotate-secret"),
        api.post(f"{at}/actions/test"),
        api.post(f"{at}/actions/replay-failed"),
        api.post(f"{at}/actions/replay-from", {"since": datetime.now(UTC).isoformat()}),
        api.get(f"{at}/deliveries"),
        api.get(f"{at}/deliveries/{test['id']}"),
        api.get(f"{PATH}/{mine['id']}/deliveries/{test['id']}"),
        api.post(f"{PATH}/{mine['id']}/deliveries/{test['id']}/actions/replay"),
    ]
    assert [one.status for one in answers] == [404] * len(answers)
    assert [one["id"] for one in api.get(PATH).body["data"]] == [mine["id"]]


def test_there_are_fifty_endpoints_at_most(company: Company, api: Api) -> None:
    first = made(api)
    company.enter()
    row = Endpoint.objects.of(company.id).get()
    for _ in range(49):
        Endpoint.objects.create(
            organization_id=company.id,
            url=URL,
            secret=row.secret,
            followed_transaction=row.followed_transaction,
            followed_event=row.followed_event,
        )
    refused = api.post(PATH, {"url": URL})
    assert (refused.status, refused.body["code"]) == (409, "too_many_endpoints")
    assert api.delete(f"{PATH}/{first['id']}").status == 204
    assert api.post(PATH, {"url": URL}).status == 201
