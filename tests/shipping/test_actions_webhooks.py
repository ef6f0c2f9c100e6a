"""Carriers speak by signed webhooks; nothing unsigned is believed, nothing signed is a fault."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from standardwebhooks.webhooks import Webhook

from orderwright.kernel.errors import NotFound
from orderwright.shipping import tracking, webhooks
from orderwright.shipping.queries import ShipmentPage
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db


def parcel() -> tuple[Desk, ShipmentPage, str]:
    """A shipment on its way, and the secret of its carrier."""
    desk = open_desk()
    gem = desk.product(sku="GEM")
    lot = desk.lot(gem, 4)
    shipment = desk.ship_lots(desk.issued({gem: 4}), {lot: 4}, tracking_number="1Z")
    return desk, shipment, webhooks.new_secret(by=desk.by, carrier_id=desk.company.carrier_id)


def send(
    desk: Desk, secret: str, body: str, *, event: str = "e1", at: datetime | None = None
) -> Any:
    now = at or datetime.now(UTC)
    headers = {
        "webhook-id": event,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(event, now, body),
    }
    return Client().post(
        f"/api/v1/carrier-webhooks/{desk.company.carrier_id}",
        body.encode(),
        content_type="application/json",
        headers=headers,
    )


def test_a_signed_event_moves_the_shipment_once() -> None:
    desk, shipment, secret = parcel()
    for _ in range(2):
        answer = send(desk, secret, '{"tracking_number": "1Z", "status": "in transit"}')
        assert (answer.status_code, answer.json()) == (200, {"matched": True})
    page = desk.shipment(shipment)
    assert [event.status for event in page.events] == ["pending", "in_transit"]
    assert page.head.version == shipment.head.version


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_signature_or_one_of_tomorrow_is_not_believed(minutes: int) -> None:
    desk, shipment, secret = parcel()
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    body = '{"tracking_number": "1Z", "status": "delivered"}'
    assert send(desk, secret, body, at=at).status_code == 401
    assert desk.shipment(shipment).head.tracking_status == "pending"


def test_a_new_secret_ends_the_old_one() -> None:
    desk, _, secret = parcel()
    webhooks.new_secret(by=desk.by, carrier_id=desk.company.carrier_id)
    answer = send(desk, secret, '{"tracking_number": "1Z", "status": "delivered"}')
    assert (answer.status_code, answer.json()["code"]) == (401, "bad_signature")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed_json"),
        ('{"status": "\\ud800"}', 400, "malformed_json"),
        ("[]", 422, "invalid_event"),
        ("{}", 422, "invalid_event"),
        ('{"tracking_number": 5, "status": "delivered"}', 422, "invalid_event"),
        ('{"tracking_number": "1Z", "status": " "}', 422, "invalid_event"),
        (
            '{"tracking_number": "1Z", "status": "delivered", "occurred_at": "soon"}',
            422,
            "invalid_event",
        ),
        ('{"tracking_number": "1\\u0000", "status": "delivered"}', 422, "invalid_input"),
    ],
)
def test_a_signed_event_that_makes_no_sense_is_refused(body: str, status: int, code: str) -> None:
    desk, shipment, secret = parcel()
    answer = send(desk, secret, body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert desk.shipment(shipment).head.tracking_status == "pending"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_time_are_no_fault(at: str) -> None:
    desk, _, secret = parcel()
    body = f'{{"tracking_number": "1Z", "status": "in transit", "occurred_at": "{at}"}}'
    assert send(desk, secret, body).status_code in (200, 422)


def test_a_live_shipment_is_meant_before_a_cancelled_one_with_the_same_number() -> None:
    desk, first, secret = parcel()
    order = desk.read_by_number(first.head.order_number)
    tracking.cancel_shipment(by=desk.by, shipment=first.head.id)
    lot = first.lines[0].selections[0].lot_id
    second = desk.ship_lots(order, {lot: 2}, tracking_number="1Z")
    third = desk.ship_lots(order, {lot: 2}, tracking_number="1Z", confirmed=YES)
    tracking.cancel_shipment(by=desk.by, shipment=third.head.id)
    send(desk, secret, '{"tracking_number": "1Z", "status": "delivered"}')
    assert desk.shipment(second).head.tracking_status == "delivered"


YES = frozenset({"duplicate_tracking"})


def test_a_carrier_without_a_secret_has_no_webhook() -> None:
    desk = open_desk()
    body = '{"tracking_number": "1Z", "status": "delivered"}'
    answer = send(desk, "whsec_" + "A" * 43 + "=", body)
    assert answer.status_code == 404
    with pytest.raises(NotFound):
        webhooks.take(carrier="ups", headers={}, content=b"{}")
