"""Whether a carrier can take a shipment: it is enabled, and has a number to be tracked by."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.text import check_text
from orderwright.shipping import sql
from orderwright.shipping.rules import needs_tracking_number


@dataclass(frozen=True, slots=True)
class Chosen:
    """A carrier, and an option of it, that can take a shipment."""

    id: UUID
    name: str
    option_id: UUID | None
    option_name: str | None


def check_carrier(
    by: Caller,
    *,
    carrier_id: UUID | None,
    carrier_option_id: UUID | None,
    tracking_number: str,
    confirmed: frozenset[str],
    shipment_id: UUID | None = None,
    needs_number: bool = True,
) -> Chosen:
    """The carrier with its option (domain 4.7); one statement. What has not left needs no number.

    Raises Invalid `carrier_missing`, `unknown_carrier`, `unknown_carrier_option`,
    `tracking_number_missing`, Conflict `confirmation_required` (`duplicate_tracking`) when another
    live shipment than `shipment_id` has the number.
    """
    if carrier_id is None:
        raise _invalid("carrier_missing", "carrier_id", "Choose the carrier.")
    tracking = check_text(tracking_number, "tracking_number", longest=80).strip()
    with connection.cursor() as cursor:
        cursor.execute(
            sql.CARRIER,
            {
                "organization": by.organization_id,
                "carrier": carrier_id,
                "carrier_option": carrier_option_id,
                "tracking_number": tracking,
                "shipment": shipment_id,
            },
        )
        row = cursor.fetchone()
    if row is None or not row[2]:
        raise _invalid("unknown_carrier", "carrier_id", "There is no such carrier, or it is off.")
    name, code, _, has_option, option_name, other = row
    if carrier_option_id is not None and not has_option:
        message = f"{name} has no such option."
        raise _invalid("unknown_carrier_option", "carrier_option_id", message)
    if needs_number and not tracking and needs_tracking_number(code):
        message = f"{name} needs a tracking number. Type it from the label."
        raise _invalid("tracking_number_missing", "tracking_number", message)
    if other is not None and "duplicate_tracking" not in confirmed:
        raise Conflict(
            "confirmation_required",
            f"Shipment {other} has this tracking number already. Correct it, or confirm it.",
            fields={"tracking_number": f"used by {other}"},
            details={"confirm": "duplicate_tracking", "shipment": other},
        )
    return Chosen(carrier_id, name, carrier_option_id, option_name)


def _invalid(code: str, field: str, message: str) -> Invalid:
    return Invalid(code, message, fields={field: message})
