"""Packed shipments follow their order's address and carrier until they leave (domain 2.9)."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.json_text import to_json
from orderwright.sales.page import LineRow, OrderPage, OrderRow
from orderwright.sales.watchers import Followed, Kept

_FOLLOWED = ("ship_to", "carrier_id", "carrier_option_id")
_UPDATE = """
    UPDATE shipping_shipment
    SET ship_to = %(ship_to)s::jsonb, carrier_id = %(carrier_id)s,
        carrier_option_id = %(carrier_option_id)s, version = version + 1, updated_at = %(at)s
    WHERE organization_id = %(organization)s AND id = ANY (%(shipments)s) AND stage = 'packed'
"""


def follow_order(by: Caller, before: OrderPage, head: OrderRow, lines: Sequence[LineRow]) -> Kept:
    """Give what is packed and has not left the order's new address and carrier.

    What has left stays as it was sent. No statement when neither changed or nothing is packed.
    """
    changed = [name for name in _FOLLOWED if getattr(before.head, name) != getattr(head, name)]
    packed = [
        one
        for one in head.shipments
        if one["stage"] == "packed" and one["tracking_status"] != "cancelled"
    ]
    if not changed or not packed:
        return Kept(lines)
    with connection.cursor() as cursor:
        cursor.execute(
            _UPDATE,
            {
                "organization": by.organization_id,
                "shipments": [UUID(one["id"]) for one in packed],
                "ship_to": to_json(head.ship_to),
                "carrier_id": head.carrier_id,
                "carrier_option_id": head.carrier_option_id,
                "at": by.now,
            },
        )
    names = [name.removesuffix("_id") for name in changed]
    return Kept(
        lines,
        tuple(
            Followed(
                "shipment.edited", UUID(one["id"]), {"number": one["number"], "followed": names}
            )
            for one in packed
        ),
    )
