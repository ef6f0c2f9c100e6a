"""Carriers report by signed webhooks (Standard Webhooks); nothing unsigned is believed."""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from orderwright.activity import actions as activity
from orderwright.directory.models import Carrier
from orderwright.identity.caller import Caller
from orderwright.identity.models import Organization
from orderwright.identity.queries import system_caller
from orderwright.identity.tenancy import enter
from orderwright.kernel.errors import Invalid, Malformed, NotFound, Unauthenticated
from orderwright.shipping.models import Shipment
from orderwright.shipping.tracking import Said, take_carrier_event

_IS_CANCELLED = ExpressionWrapper(Q(tracking_status="cancelled"), output_field=BooleanField())


def new_secret(*, by: Caller, carrier_id: UUID) -> str:
    """A new signing secret for a carrier's webhook; the answer is shown once. Raises NotFound."""
    by.must("settings:update")
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    changed = (
        Carrier.objects.of(by.organization_id).with_ids([carrier_id]).update(webhook_secret=secret)
    )
    if not changed:
        raise NotFound("not_found", "There is no such carrier.")
    activity.record(by, "carrier.webhook_secret_made", carrier_id)
    return secret


def take(*, carrier: str, headers: Mapping[str, str], content: bytes) -> bool:
    """Verify and record one event; whether a shipment has its tracking number.

    Raises NotFound for a carrier without a secret, Unauthenticated for a bad signature, Invalid for
    a body without tracking number or status.
    """
    carrier_id = _carrier_id(carrier)
    with transaction.atomic():
        organization_id, name, secret = _secret_of(carrier_id)
        _verify(secret, headers, content)
        said, tracking_number = _read(content, _header(headers, "webhook-id"))
        enter(organization_id)
        by = system_caller(
            Organization.objects.get(pk=organization_id), now=timezone.now(), name=name
        )
        shipment_id = (
            Shipment.objects.of(organization_id)
            .filter(carrier_id=carrier_id, tracking_number=tracking_number)
            .order_by(_IS_CANCELLED, "-pk")  # a live one before a cancelled one
            .values_list("pk", flat=True)
            .first()
        )
        if shipment_id is None:
            return False
        take_carrier_event(by=by, shipment_id=shipment_id, said=said)
        return True


def in_utc(value: datetime | None) -> datetime | None:
    """A time without a zone is taken to be in UTC."""
    if value is None or value.tzinfo is not None:
        return value
    return value.replace(tzinfo=UTC)


def _carrier_id(carrier: str) -> UUID:
    try:
        return UUID(carrier)
    except ValueError as error:
        raise NotFound("not_found", "There is no such webhook.") from error


def _secret_of(carrier_id: UUID) -> tuple[UUID, str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM shipping_carrier_secret(%s)", [carrier_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound("not_found", "There is no such webhook.")
    return row[0], row[1], row[2]


def _verify(secret: str, headers: Mapping[str, str], content: bytes) -> None:
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        Webhook(secret).verify(content, lowered, json_parse=False)
    except (WebhookVerificationError, ValueError) as error:
        raise Unauthenticated(
            "bad_signature", "The signature does not fit: check the secret and the clock."
        ) from error


def _header(headers: Mapping[str, str], name: str) -> str:
    return next((value for key, value in headers.items() if key.lower() == name), "")


def _read(content: bytes, webhook_id: str) -> tuple[Said, str]:
    try:
        body: Any = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise Malformed("malformed_json", "The body is not valid JSON.") from error
    if not isinstance(body, dict):
        raise Invalid("invalid_event", "Send an object with tracking_number and status.")
    tracking_number = body.get("tracking_number")
    status = body.get("status")
    if not isinstance(tracking_number, str) or not isinstance(status, str) or not status.strip():
        raise Invalid(
            "invalid_event",
            "The event needs tracking_number and status.",
            fields={"tracking_number": "a text", "status": "a text"},
        )
    said = Said(
        status=status[:200],
        occurred_at=_instant(body.get("occurred_at")),
        location=str(body.get("location") or "")[:200],
        message=str(body.get("message") or "")[:2_000],
        source="carrier",
        carrier_event_id=webhook_id[:120],
    )
    return said, tracking_number.strip()


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        return in_utc(datetime.fromisoformat(str(value)))
    except ValueError as error:
        raise Invalid(
            "invalid_event",
            "occurred_at is an instant like 2026-12-01T10:00:00Z.",
            fields={"occurred_at": "not an instant"},
        ) from error
