"""What a customer's soundness asks of the database, before the pure rules decide."""

from collections.abc import Collection
from uuid import UUID

from orderwright.activity.kinds import Values
from orderwright.directory import rules
from orderwright.directory.models import Address, CarrierOption, Customer, CustomerGroup
from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.kernel.shapes import invalid

_MOST_GENERATIONS = 20


def complete_customer(by: Caller, values: Values) -> Values:
    """A number of its own; nobody earns commission on a customer that is exempt from it."""
    completed = dict(values)
    if not completed["number"]:
        completed["number"] = _free_number(by)
    if completed["commission_exempt"] or _is_exempt_by_group(by, completed):
        completed["sales_rep_id"] = None
    return completed


def check_customer(by: Caller, values: Values, changed: Collection[str]) -> None:
    """Groups of the right type, an option of the carrier, no circle of parents, full addresses.

    Raises Invalid with the field.
    """
    if {"type_group_id", "pricing_group_ids"} & set(changed):
        rules.check_groups(
            _types_of_groups(by, values),
            type_group_id=values["type_group_id"],
            pricing_group_ids=values["pricing_group_ids"],
        )
    if {"carrier_id", "carrier_option_id"} & set(changed) and values["carrier_option_id"]:
        rules.check_option_of_carrier(
            carrier_id=values["carrier_id"],
            carrier_of_option=_carrier_of(by, values["carrier_option_id"]),
        )
    if {"carrier_billing_type", "carrier_billing_account"} & set(changed):
        rules.check_carrier_billing(values)
    for name in ("bill_to_address_id", "ship_to_address_id"):
        if name in changed and values[name]:
            _check_own_address(by, values, name)
    if "parent_id" in changed and values["parent_id"]:
        rules.check_parents(values["id"], ancestors(by, values["parent_id"]))


def _check_own_address(by: Caller, values: Values, name: str) -> None:
    mine = Address.objects.of(by.organization_id).filter(customer_id=values["id"])
    if values["id"] is None or not mine.with_ids([values[name]]).exists():
        raise invalid("unknown_reference", "This is no address of the customer.", name)


def _free_number(by: Caller) -> str:
    """The next number that nobody has typed in already."""
    while True:
        number = rules.customer_number(identity.take_number("customer"))
        if not Customer.objects.of(by.organization_id).filter(number__iexact=number).exists():
            return number


def _groups_of(values: Values) -> list[UUID]:
    named = [*values["pricing_group_ids"], values["type_group_id"]]
    return [group_id for group_id in named if group_id is not None]


def _is_exempt_by_group(by: Caller, values: Values) -> bool:
    if values["sales_rep_id"] is None or not _groups_of(values):
        return False
    groups = CustomerGroup.objects.of(by.organization_id).with_ids(_groups_of(values))
    return groups.filter(commission_exempt=True).exists()


def _types_of_groups(by: Caller, values: Values) -> dict[UUID, str]:
    if not _groups_of(values):
        return {}
    groups = CustomerGroup.objects.of(by.organization_id).with_ids(_groups_of(values))
    return dict(groups.values_list("pk", "type"))


def _carrier_of(by: Caller, option_id: UUID) -> UUID | None:
    options = CarrierOption.objects.of(by.organization_id).filter(pk=option_id)
    found = options.values_list("carrier_id", flat=True).first()
    if found is None:
        raise invalid("unknown_reference", "There is no such record.", "carrier_option_id")
    return found


def ancestors(by: Caller, parent_id: UUID) -> list[UUID]:
    """The parent, its parent, and so on; one statement per generation, of which there are few."""
    found: list[UUID] = []
    wanted: UUID | None = parent_id
    while wanted is not None and wanted not in found and len(found) < _MOST_GENERATIONS:
        rows = Customer.objects.of(by.organization_id).filter(pk=wanted).values_list("parent_id")
        row = rows.first()
        if row is None:
            raise invalid("unknown_reference", "There is no such record.", "parent_id")
        found.append(wanted)
        wanted = row[0]
    return found
