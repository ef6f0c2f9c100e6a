"""What the records of the directory hold, decided over values."""

from typing import Any
from uuid import UUID

import pytest

from orderwright.directory import rules
from orderwright.kernel.errors import Conflict, Invalid

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def fields_of(refused: Any) -> list[str]:
    """The fields that a refusal names."""
    with pytest.raises(Invalid) as refusal:
        refused()
    return list(refusal.value.fields)


def test_defaults_are_taken_out_of_their_nest() -> None:
    sent = {"name": "Acme", "defaults": {"carrier_id": "1", "color": "red"}, "priority": "high"}
    assert rules.without_nesting(sent) == {
        "name": "Acme",
        "defaults": {"carrier_id": "1", "color": "red"},
        "carrier_id": "1",
    }
    assert rules.without_nesting({"defaults": None}) == {"defaults": None}
    assert fields_of(lambda: rules.without_nesting({"defaults": [1]})) == ["defaults"]


def test_a_refusal_of_a_default_names_its_nest() -> None:
    with pytest.raises(Conflict) as refusal, rules.naming_as_sent():
        raise Conflict("x", "x", fields={"carrier_id": "wrong", "name": "wrong"})
    assert refusal.value.fields == {"defaults.carrier_id": "wrong", "name": "wrong"}


def test_a_number_has_at_least_five_digits() -> None:
    assert [rules.customer_number(count) for count in (1, 99999, 100000)] == [
        "C00001",
        "C99999",
        "C100000",
    ]


def test_only_an_address_to_ship_to_needs_a_street() -> None:
    rules.check_addresses([{"is_ship_to": False}, {"is_bill_to": True}])
    complete = {"is_ship_to": True, "street_1": "1 Main", "city": "Ulm", "postal_code": "1"}
    rules.check_addresses([complete])
    missing = [complete, complete | {"city": ""}]
    assert fields_of(lambda: rules.check_addresses(missing)) == ["addresses.1.city"]


def test_a_customer_has_a_type_group_and_pricing_groups_of_that_type() -> None:
    types = {ONE: "type_group", TWO: "pricing_group"}
    rules.check_groups(types, type_group_id=ONE, pricing_group_ids=[TWO])
    rules.check_groups(types, type_group_id=None, pricing_group_ids=[])
    assert fields_of(
        lambda: rules.check_groups(types, type_group_id=TWO, pricing_group_ids=[])
    ) == ["type_group_id"]
    assert fields_of(
        lambda: rules.check_groups(types, type_group_id=None, pricing_group_ids=[TWO, ONE])
    ) == ["pricing_group_ids.1"]
    assert fields_of(
        lambda: rules.check_groups(types, type_group_id=THREE, pricing_group_ids=[])
    ) == ["type_group_id"]


def test_a_service_level_is_of_the_carrier_that_was_chosen() -> None:
    rules.check_option_of_carrier(carrier_id=ONE, carrier_of_option=ONE)
    for carrier in (TWO, None):
        assert fields_of(
            lambda: rules.check_option_of_carrier(carrier_id=carrier, carrier_of_option=ONE)  # noqa: B023
        ) == ["carrier_option_id"]


def test_a_carrier_has_one_default_service_level_at_most() -> None:
    rules.check_options([{"is_default": True}, {"is_default": False}, {}])
    wrong = [{"is_default": True}, {}, {"is_default": True}]
    assert fields_of(lambda: rules.check_options(wrong)) == ["options.2.is_default"]


def test_terms_say_what_their_type_needs() -> None:
    rules.check_shipping_term({"type": "free_freight", "flat_rate": None})
    flat = {"type": "flat_rate_freight", "flat_rate": None}
    assert fields_of(lambda: rules.check_shipping_term(flat)) == ["flat_rate"]
    rules.check_payment_term({"timing": "on_receipt", "net_days": None})
    net = {"timing": "net", "net_days": None}
    assert fields_of(lambda: rules.check_payment_term(net)) == ["net_days"]


def test_nobody_is_their_own_ancestor() -> None:
    rules.check_parents(ONE, [TWO, THREE])
    rules.check_parents(None, [TWO, THREE])
    assert fields_of(lambda: rules.check_parents(ONE, [TWO, ONE])) == ["parent_id"]
