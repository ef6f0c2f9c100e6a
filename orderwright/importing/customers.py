"""Rows that are customers, by number or name: each row may bring an address and a contact.

Rows of one customer stand together: the first says who it is, every row adds its address (told by
its name) and its contact (told by its e-mail address). What a customer has besides stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from orderwright.catalog import actions as catalog
from orderwright.directory import actions as directory
from orderwright.directory.models import (
    Address,
    Carrier,
    Contact,
    Customer,
    CustomerGroup,
    PaymentTerm,
    ShippingTerm,
)
from orderwright.directory.rules import ADDRESS, CONTACT
from orderwright.identity.caller import Caller
from orderwright.importing import names
from orderwright.importing.lines import (
    Line,
    Manner,
    Result,
    bad,
    changed,
    created,
    is_missing,
    is_there,
)
from orderwright.importing.names import Named
from orderwright.kernel.errors import Refusal
from orderwright.kernel.shapes import invalid

_ADDRESS: Final = tuple(name for name in ADDRESS.fields if name not in ("phone", "email"))
_CONTACT: Final = {
    "contact_first_name": "first_name",
    "contact_last_name": "last_name",
    "contact_email": "email",
    "order_confirmation": "order_confirmation",
    "invoice": "invoice",
}
_CONTACT_COLUMNS: Final = {field: column for column, field in _CONTACT.items()}
_REFERENCES: Final = {
    "payment_term": (PaymentTerm, "payment term", ("code", "name")),
    "shipping_term": (ShippingTerm, "shipping term", ("name",)),
    "carrier": (Carrier, "carrier", ("name", "code")),
}


@dataclass(frozen=True, slots=True)
class _Facts:
    existing: Named
    addresses: Mapping[UUID, list[dict[str, Any]]]
    contacts: Mapping[UUID, list[dict[str, Any]]]
    held: Mapping[UUID, Any]
    groups: Named
    references: Mapping[str, Named]


def write(by: Caller, manner: Manner, lines: Sequence[Line]) -> list[Result]:
    """Create and change customers, each all or nothing with its rows."""
    facts = _facts(by, lines)
    groups: dict[int, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.first_number, []).append(line)
    return [result for rows in groups.values() for result in _customer(by, manner, rows, facts)]


def take_back(by: Caller, record_ids: Sequence[UUID]) -> None:
    """Remove customers that nothing refers to. Raises what `remove_customer` raises."""
    for record_id in record_ids:
        directory.remove_customer(by=by, customer_id=record_id)


def _customer(by: Caller, manner: Manner, rows: Sequence[Line], facts: _Facts) -> list[Result]:
    try:
        current = _current(rows[0], facts)
        if current is not None and not manner.may_update:
            return [is_there(line, "customer", "number or name") for line in rows]
        if current is None and not manner.may_create:
            return [is_missing(line, "customer", "number or name") for line in rows]
        with transaction.atomic():
            if current is not None:
                differs = _change(by, rows, facts, current)
                return [changed(line, current, differs=differs) for line in rows]
            sent = _sent(by, rows[0], facts) | _belongings(rows, [], [])
            record_id = catalog.create_buyer(by=by, sent=sent)
            return [created(line, record_id) for line in rows]
    except Refusal as refusal:
        return list(_refused(rows, refusal))


def _current(line: Line, facts: _Facts) -> UUID | None:
    said = line.values.get("number") or line.values.get("name", "")
    try:
        return facts.existing.one(said, "number")
    except Refusal as refusal:
        if refusal.code == "unknown_reference":
            return None
        message = f"Several customers are named {said}. Give the number."
        raise invalid("ambiguous_reference", message, "number") from refusal


def _change(by: Caller, rows: Sequence[Line], facts: _Facts, customer_id: UUID) -> bool:
    """Change what differs; whether anything did."""
    sent = _sent(by, rows[0], facts)
    lists = _belongings(
        rows, facts.addresses.get(customer_id, []), facts.contacts.get(customer_id, [])
    )
    before = facts.held[customer_id].version
    directory.change_customer(by=by, customer_id=customer_id, sent={**sent, **lists})
    mine = Customer.objects.of(by.organization_id).filter(pk=customer_id)
    return bool(mine.values_list("version", flat=True).get() != before)


def _facts(by: Caller, lines: Sequence[Line]) -> _Facts:
    """A statement for each kind of record that rows name."""
    firsts = [line.values for line in lines]
    said = [v.get("number") or v.get("name", "") for v in firsts]
    existing = names.customers(by, said)
    ids = list(existing.by_name.values())
    return _Facts(
        existing=existing,
        held={row.pk: row for row in Customer.objects.of(by.organization_id).with_ids(ids)},
        addresses=_rows_of(by, Address, ids),
        contacts=_rows_of(by, Contact, ids),
        groups=names.by_one_column(
            by,
            CustomerGroup,
            "customer group",
            [
                name
                for v in firsts
                for name in (v.get("type_group", ""), *v.get("pricing_groups", ()))
            ],
            "name",
        ),
        references={
            field: names.by_one_column(
                by, model, noun, [v[field] for v in firsts if field in v], *columns
            )
            for field, (model, noun, columns) in _REFERENCES.items()
        },
    )


def _rows_of(by: Caller, model: type[Any], ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    fields = (ADDRESS if model is Address else CONTACT).fields
    rows = model.objects.of(by.organization_id).filter(customer_id__in=ids).order_by("pk")
    for row in rows.values("customer_id", "id", *fields):
        found.setdefault(row.pop("customer_id"), []).append(row)
    return found


def _sent(by: Caller, line: Line, facts: _Facts) -> dict[str, Any]:
    """The customer itself, as `rules.CUSTOMER_AS_SENT` takes it."""
    sent = {
        name: held
        for name, held in line.values.items()
        if name not in _ADDRESS and name not in _CONTACT
    }
    defaults: dict[str, Any] = {}
    for field, known in facts.references.items():
        if field in sent:
            defaults[f"{field}_id"] = known.one(sent.pop(field), field)
    if "priority" in sent:
        defaults["priority"] = sent.pop("priority").lower()
    if "type_group" in sent:
        sent["type_group_id"] = facts.groups.one(sent.pop("type_group"), "type_group")
    if "pricing_groups" in sent:
        wanted = sent.pop("pricing_groups")
        sent["pricing_group_ids"] = [facts.groups.one(name, "pricing_groups") for name in wanted]
    if "status" in sent:
        sent["status"] = sent["status"].lower().replace(" ", "_")
    return {**sent, "defaults": defaults} if defaults else sent


def _belongings(
    rows: Sequence[Line], addresses: list[dict[str, Any]], contacts: list[dict[str, Any]]
) -> dict[str, Any]:
    """What is there with what the rows say over it; lists that no row mentions are not sent."""
    sent: dict[str, Any] = {}
    said = [_address(line, addresses) for line in rows]
    if any(said):
        sent["addresses"] = _merged(addresses, [one for one in said if one], "label")
    people = [_contact(line) for line in rows]
    if any(people):
        sent["contacts"] = _merged(contacts, [one for one in people if one], "email")
    return sent


def _address(line: Line, held: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The address of a row. Without a name it is the main one, unless one says all of it already:
    a list with only the city in it changes nothing."""
    said = {name: line.values[name] for name in _ADDRESS if name in line.values}
    if not said.keys() - {"label"}:
        return {}
    if "label" not in said and any(_says_all(address, said) for address in held):
        return {}
    return {"label": "Main", **said}


def _says_all(address: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    return all(str(address[name]) == held for name, held in said.items())


def _contact(line: Line) -> dict[str, Any]:
    return {
        field: line.values[column] for column, field in _CONTACT.items() if column in line.values
    }


def _merged(
    held: list[dict[str, Any]], said: Sequence[dict[str, Any]], key: str
) -> list[dict[str, Any]]:
    """Rows that are there keep their ids; what is said of them stands over what they hold."""
    merged = {str(row[key]).lower(): {**row} for row in held}
    for number, row in enumerate(said):
        name = str(row.get(key, f"\0{number}")).lower()
        merged[name] = {**merged.get(name, {}), **row}
    return list(merged.values())


def _refused(rows: Sequence[Line], refusal: Refusal) -> Iterator[Result]:
    """All rows of a customer are left out together; the first says why."""
    errors = {_column(name): sentence for name, sentence in refusal.fields.items()}
    yield Result(rows[0].row_id, "bad", errors=errors or {"": refusal.message})
    sentence = f"The customer was left out: see line {rows[0].number}."
    yield from (bad(line, sentence) for line in rows[1:])


def _column(name: str) -> str:
    parts = name.split(".")
    if parts[0] == "contacts":
        return _CONTACT_COLUMNS.get(parts[-1], parts[-1])
    return parts[-1].removesuffix("_id").replace("pricing_group_ids", "pricing_groups")
