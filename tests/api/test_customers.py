"""Customers over HTTP: defaults, belongings, holds, and who sees what."""

from typing import Any

import pytest

from orderwright.activity.models import Event
from orderwright.directory import watchers
from tests.company import Company, found_company

pytestmark = pytest.mark.django_db

HOME = {
    "label": "Home",
    "street_1": "1 Main Street",
    "city": "Springfield",
    "postal_code": "12345",
    "country": "us",
}
DETAILS = {
    "nickname": "The Acmes",
    "number_of_employees": 40,
    "customer_since": "2019-05-01",
    "carrier_billing_type": "recipient",
    "carrier_billing_account": "A-77",
}
ANN = {"first_name": "Ann", "last_name": "Lee", "email": "ann@acme.example"}


def events_of(company: Company, subject_id: str) -> list[str]:
    """The types of what happened to a record, in order."""
    company.enter()
    events = Event.objects.of(company.id).filter(subject_id=subject_id).order_by("pk")
    return [event.type for event in events]


def carrier_named(company: Company, name: str) -> dict[str, Any]:
    """One of the carriers that every organization has."""
    found = company.api().get("/carriers", q=name).body["data"]
    return next(carrier for carrier in found if carrier["name"] == name)


def test_a_customer_gets_the_next_number_that_nobody_has_typed() -> None:
    api = found_company().api()
    assert api.post("/customers", {"name": "A"}).body["number"] == "C00001"
    api.post("/customers", {"name": "B", "number": "c00002"})
    assert api.post("/customers", {"name": "C"}).body["number"] == "C00003"
    taken = api.post("/customers", {"name": "D", "number": "C00003"})
    assert (taken.status, taken.body["code"], list(taken.body["fields"])) == (
        409,
        "duplicate",
        ["number"],
    )


def test_a_customer_keeps_everything_that_was_sent() -> None:
    company = found_company()
    api = company.api()
    group = api.post("/customer-groups", {"name": "Retail", "type": "type_group"}).body["id"]
    product = str(company.product(sku="GEM"))
    ups = carrier_named(company, "UPS")
    sent = {
        "name": "Acme",
        "type_group_id": group,
        "credit_limit": 500,
        "default_currency": "eur",
        "website": "acme.example",
        **DETAILS,
        "defaults": {
            "payment_term_id": str(company.payment_term_id),
            "carrier_id": ups["id"],
            "carrier_option_id": ups["options"][1]["id"],
            "priority": "high",
            "sales_rep_id": str(company.lead_id),
        },
        "addresses": [HOME | {"is_bill_to": True, "is_ship_to": True}],
        "contacts": [ANN | {"invoice": True}],
        "item_codes": [{"code": "A-1", "product_id": product}],
    }
    made = api.post("/customers", sent).body
    assert made["type_group"] == {"id": group, "name": "Retail"}
    assert made["type_group_id"] == group
    assert made["credit_limit"] == "500.00"
    assert made["website"] == "https://acme.example"
    unsaid = ("shipping_term_id", "bill_to_address_id", "ship_to_address_id")
    assert made["defaults"] == sent["defaults"] | dict.fromkeys(unsaid)
    details = {name: made[name] for name in DETAILS}
    assert details == DETAILS
    assert made["addresses"][0]["country"] == "US"
    assert made["contacts"][0] == ANN | {
        "id": made["contacts"][0]["id"],
        "order_confirmation": False,
        "invoice": True,
    }
    assert made["item_codes"][0]["product"] == {"id": product, "sku": "GEM", "name": "Gem"}
    assert api.get(f"/customers/{made['id']}").body == made


def test_a_list_that_is_sent_replaces_what_is_there_and_keeps_rows_by_their_id() -> None:
    company = found_company()
    api = company.api()
    made = api.post("/customers", {"name": "Acme", "addresses": [HOME, HOME | {"label": "Two"}]})
    home, _two = made.body["addresses"]
    at = f"/customers/{made.body['id']}"
    sent = {"addresses": [{"id": home["id"], "city": "Shelbyville"}, HOME | {"label": "Three"}]}
    changed = api.patch(at, sent).body
    assert [(row["label"], row["city"]) for row in changed["addresses"]] == [
        ("Home", "Shelbyville"),
        ("Three", "Springfield"),
    ]
    assert changed["addresses"][0]["id"] == home["id"]
    assert changed["version"] == 2
    assert events_of(company, made.body["id"]) == ["customer.created", "customer.updated"]
    assert api.patch(at, {"name": "Acme & Sons"}).body["addresses"] == changed["addresses"]
    assert api.patch(at, {"addresses": []}).body["addresses"] == []


def test_an_address_of_another_customer_cannot_be_taken() -> None:
    api = found_company().api()
    other = api.post("/customers", {"name": "Other", "addresses": [HOME]}).body
    mine = api.post("/customers", {"name": "Mine"}).body
    theirs = other["addresses"][0]["id"]
    answer = api.patch(f"/customers/{mine['id']}", {"addresses": [{"id": theirs}]})
    assert (answer.status, answer.body["fields"]) == (
        422,
        {"addresses.0.id": "There is no such record."},
    )


def test_defaults_are_refused_under_their_own_name() -> None:
    company = found_company()
    api = company.api()
    ups, fedex = carrier_named(company, "UPS"), carrier_named(company, "FedEx")
    wrong = {"carrier_id": ups["id"], "carrier_option_id": fedex["options"][0]["id"]}
    answer = api.post("/customers", {"name": "Acme", "defaults": wrong})
    assert (answer.body["code"], list(answer.body["fields"])) == (
        "wrong_carrier_option",
        ["defaults.carrier_option_id"],
    )
    nobody = {"sales_rep_id": "00000000-0000-7000-8000-000000000000"}
    answer = api.post("/customers", {"name": "Acme", "defaults": nobody})
    assert (answer.status, list(answer.body["fields"])) == (422, ["defaults.sales_rep_id"])


def test_an_address_to_ship_to_is_complete() -> None:
    api = found_company().api()
    address = {"label": "Dock", "country": "US", "is_ship_to": True}
    answer = api.post("/customers", {"name": "Acme", "addresses": [address]})
    assert set(answer.body["fields"]) == {
        "addresses.0.street_1",
        "addresses.0.city",
        "addresses.0.postal_code",
    }
    bill_to = {"label": "Office", "country": "US", "is_bill_to": True}
    assert api.post("/customers", {"name": "Acme", "addresses": [bill_to]}).status == 201


def test_a_kept_address_cannot_become_one_to_ship_to_without_a_street() -> None:
    api = found_company().api()
    office = {"label": "Office", "country": "US"}
    made = api.post("/customers", {"name": "Acme", "addresses": [office]}).body
    kept = {"id": made["addresses"][0]["id"], "is_ship_to": True}
    answer = api.patch(f"/customers/{made['id']}", {"addresses": [kept]})
    assert (answer.status, answer.body["code"]) == (422, "incomplete_address")


def test_groups_are_of_the_right_type() -> None:
    api = found_company().api()
    web = api.post("/customer-groups", {"name": "Web", "type": "pricing_group"}).body["id"]
    answer = api.post("/customers", {"name": "Acme", "type_group_id": web})
    assert (answer.body["code"], list(answer.body["fields"])) == (
        "wrong_group_type",
        ["type_group_id"],
    )
    assert api.post("/customers", {"name": "Acme", "pricing_group_ids": [web]}).status == 201


def test_nobody_is_their_own_grandparent() -> None:
    api = found_company().api()
    parent = api.post("/customers", {"name": "Parent"}).body
    child = api.post("/customers", {"name": "Child", "parent_id": parent["id"]}).body
    assert child["parent"] == {"id": parent["id"], "number": parent["number"], "name": "Parent"}
    answer = api.patch(f"/customers/{parent['id']}", {"parent_id": child["id"]})
    assert (answer.status, answer.body["code"]) == (422, "circular_parent")
    answer = api.delete(f"/customers/{parent['id']}")
    assert answer.body["code"] == "in_use"


def test_who_is_exempt_from_commission_has_no_sales_rep() -> None:
    company = found_company()
    api = company.api()
    group = {"name": "Staff", "type": "type_group", "commission_exempt": True}
    exempt = api.post("/customer-groups", group).body["id"]
    rep = {"defaults": {"sales_rep_id": str(company.lead_id)}}
    made = api.post("/customers", {"name": "Acme", "type_group_id": exempt} | rep).body
    assert made["defaults"]["sales_rep_id"] is None
    made = api.post("/customers", {"name": "Bolt"} | rep).body
    changed = api.patch(f"/customers/{made['id']}", {"commission_exempt": True}).body
    assert changed["defaults"]["sales_rep_id"] is None


def test_notes_never_keep_a_card_number() -> None:
    answer = found_company().api().post("/customers", {"name": "A", "notes": "4111 1111 1111 1111"})
    assert (answer.status, answer.body["code"], list(answer.body["fields"])) == (
        422,
        "card_number",
        ["notes"],
    )


def test_a_hold_is_an_event_and_those_who_watch_are_told_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    company = found_company()
    told: list[str] = []
    monkeypatch.setattr(watchers, "_watchers", [lambda by, found: told.append(str(found))])
    made = company.api().post("/customers", {"name": "Acme"}).body
    at = f"/customers/{made['id']}"
    held = company.api().patch(at, {"status": "hold_all", "version": 1}).body
    assert (held["status"], held["version"]) == ("hold_all", 2)
    assert company.api().patch(at, {"status": "hold_all"}).body["version"] == 2
    assert told == [made["id"]]
    assert events_of(company, made["id"]) == ["customer.created", "customer.status_changed"]


def test_a_warehouse_sees_where_to_ship_and_no_more() -> None:
    company = found_company()
    sent = {
        "name": "Acme",
        "credit_limit": "500",
        "addresses": [HOME | {"label": "Office"}, HOME | {"label": "Dock", "is_ship_to": True}],
        "contacts": [ANN],
    }
    made = company.api().post("/customers", sent).body
    seen = company.api("Warehouse").get(f"/customers/{made['id']}").body
    assert set(seen) == {"id", "version", "number", "name", "addresses"}
    assert [address["label"] for address in seen["addresses"]] == ["Dock"]
    assert company.api("Warehouse").get("/customers").body["data"] == [seen]


@pytest.mark.parametrize(
    ("role", "status", "sees_credit"),
    [
        ("Admin", 200, True),
        ("Sales", 200, True),
        ("Finance", 200, True),
        ("Viewer", 200, False),
        ("Manager", 403, False),
        ("Member", 403, False),
    ],
)
def test_the_credit_limit_is_for_commerce_only(role: str, status: int, sees_credit: bool) -> None:
    company = found_company()
    made = company.api().post("/customers", {"name": "Acme", "credit_limit": "500"}).body
    answer = company.api(role).get(f"/customers/{made['id']}")
    assert answer.status == status
    assert ("credit_limit" in answer.body) is sees_credit


def test_a_customer_without_number_in_a_change_keeps_its_number() -> None:
    api = found_company().api()
    made = api.post("/customers", {"name": "Acme", "number": "A-1"}).body
    changed = api.patch(f"/customers/{made['id']}", {"number": None, "name": "Acme 2"}).body
    assert changed["number"] == "A-1"


def test_two_codes_of_a_customer_cannot_read_the_same() -> None:
    company = found_company()
    api = company.api()
    gem, ring = str(company.product(sku="GEM")), str(company.product(sku="RING"))
    codes = [{"code": "x1", "product_id": gem}, {"code": "X1", "product_id": ring}]
    answer = api.post("/customers", {"name": "Acme", "item_codes": codes})
    assert (answer.status, list(answer.body["fields"])) == (409, ["item_codes"])
    wrong = [{"code": "x1", "product_id": "nobody"}]
    answer = api.post("/customers", {"name": "Acme", "item_codes": wrong})
    assert (answer.status, list(answer.body["fields"])) == (422, ["item_codes.0.product_id"])


def test_a_group_can_be_limited_to_product_lines() -> None:
    company = found_company()
    api = company.api()
    gems, rings = str(company.product_line("Gems")), str(company.product_line("Rings"))
    group = {"name": "Retail", "type": "type_group", "product_line_access": [gems]}
    made = api.post("/customer-groups", group).body
    assert (made["product_line_access"], made["version"]) == ([gems], 1)
    changed = api.patch(
        f"/customer-groups/{made['id']}", {"product_line_access": [rings], "version": 1}
    ).body
    assert (changed["product_line_access"], changed["version"]) == ([rings], 2)
    fixed = api.patch(f"/customer-groups/{made['id']}", {"type": "pricing_group"})
    assert (fixed.status, fixed.body["code"]) == (409, "settled")


def test_the_default_address_of_a_customer_fills_a_new_order() -> None:
    company = found_company()
    api = company.api()
    marked = {"is_bill_to": True, "is_ship_to": True}
    places = [HOME | marked, HOME | marked | {"label": "Dock", "city": "Shelbyville"}]
    made = api.post("/customers", {"name": "Acme", "addresses": places}).body
    dock = made["addresses"][1]["id"]
    at = f"/customers/{made['id']}"
    changed = api.patch(at, {"defaults": {"ship_to_address_id": dock}})
    assert changed.body["defaults"]["ship_to_address_id"] == dock
    order = {
        "customer_id": made["id"],
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": str(company.product()), "quantity": "1"}],
    }
    placed = api.post("/sales-orders", order).body
    assert (placed["bill_to"]["city"], placed["ship_to"]["city"]) == ("Springfield", "Shelbyville")
    without_dock = [{"id": made["addresses"][0]["id"]}]
    left = api.patch(at, {"addresses": without_dock}).body
    assert left["defaults"]["ship_to_address_id"] is None
    assert api.post("/sales-orders", order).body["ship_to"]["city"] == "Springfield"


def test_the_default_address_of_a_customer_is_its_own() -> None:
    api = found_company().api()
    other = api.post("/customers", {"name": "Other", "addresses": [HOME]}).body
    mine = api.post("/customers", {"name": "Mine", "addresses": [HOME]}).body
    theirs = {"defaults": {"bill_to_address_id": other["addresses"][0]["id"]}}
    answer = api.patch(f"/customers/{mine['id']}", theirs)
    assert (answer.status, answer.body["code"], answer.body["fields"]) == (
        422,
        "unknown_reference",
        {"defaults.bill_to_address_id": "This is no address of the customer."},
    )


def test_who_is_billed_by_the_carrier_has_an_account_with_it() -> None:
    api = found_company().api()
    sent = {"name": "Acme", "carrier_billing_type": "third_party"}
    refused = api.post("/customers", sent)
    assert (refused.status, list(refused.body["fields"])) == (422, ["carrier_billing_account"])
    assert api.post("/customers", {**sent, "carrier_billing_account": "9"}).status == 201


def test_notes_on_a_customer_keep_no_card_number() -> None:
    refused = (
        found_company()
        .api()
        .post("/customers", {"name": "Acme", "notes": "Card 4111 1111 1111 1111"})
    )
    assert (refused.status, list(refused.body["fields"])) == (422, ["notes"])
