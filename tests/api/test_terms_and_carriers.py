"""Terms, carriers and locations over HTTP: defaults, service levels, secrets."""

import pytest

from orderwright.activity.models import Event
from tests.company import found_company

pytestmark = pytest.mark.django_db


def test_a_new_default_takes_the_place_of_the_old_one() -> None:
    company = found_company()
    api = company.api()
    made = api.post("/locations", {"name": "Annex", "is_default": True}).body
    assert made["is_default"] is True
    old = api.get(f"/locations/{company.location_id}").body
    assert (old["is_default"], old["version"]) == (False, 2)
    api.patch(f"/locations/{company.location_id}", {"is_default": True})
    assert api.get(f"/locations/{made['id']}").body["is_default"] is False


def test_service_levels_swap_their_default() -> None:
    company = found_company()
    api = company.api()
    levels = [
        {"code": "slow", "name": "Slow", "is_default": True, "rate_base": 5, "rate_per_kg": "1.5"},
        {"code": "fast", "name": "Fast", "transit_days": 1},
    ]
    made = api.post("/carriers", {"name": "Bike", "options": levels}).body
    slow, fast = made["options"]
    assert (slow["rate_base"], slow["rate_per_kg"], fast["rate_base"]) == ("5.00", "1.50", None)
    swapped = [
        {"id": slow["id"], "is_default": False},
        {"id": fast["id"], "is_default": True},
        {"code": "free", "name": "Free"},
    ]
    changed = api.patch(f"/carriers/{made['id']}", {"options": swapped}).body
    assert [(level["code"], level["is_default"]) for level in changed["options"]] == [
        ("slow", False),
        ("fast", True),
        ("free", False),
    ]


def test_a_service_level_that_a_customer_uses_stays() -> None:
    company = found_company()
    api = company.api()
    made = api.post("/carriers", {"name": "Bike", "options": [{"code": "a", "name": "A"}]}).body
    defaults = {"carrier_id": made["id"], "carrier_option_id": made["options"][0]["id"]}
    assert api.post("/customers", {"name": "Acme", "defaults": defaults}).status == 201
    answer = api.patch(f"/carriers/{made['id']}", {"options": []})
    assert (answer.status, answer.body["code"]) == (409, "in_use")
    assert len(api.get(f"/carriers/{made['id']}").body["options"]) == 1


def test_two_service_levels_cannot_share_a_code() -> None:
    api = found_company().api()
    levels = [{"code": "a", "name": "A"}, {"code": "A", "name": "B"}]
    answer = api.post("/carriers", {"name": "Bike", "options": levels})
    assert (answer.status, list(answer.body["fields"])) == (409, ["options"])


def test_the_secret_of_a_carrier_is_never_shown() -> None:
    company = found_company()
    api = company.api()
    made = api.post("/carriers", {"name": "Bike", "webhook_secret": "whsec_s3cret"}).body
    api.patch(f"/carriers/{made['id']}", {"webhook_secret": "whsec_an0ther"})
    company.enter()
    events = [event.body for event in Event.objects.of(company.id).filter(subject_id=made["id"])]
    assert len(events) == 2
    shown = str([made, api.get("/carriers").body, events])
    assert ("s3cret" in shown, "an0ther" in shown) == (False, False)


def test_freight_terms_are_money_in_the_currency_of_the_organization() -> None:
    company = found_company()
    api = company.api()
    ups = next(c for c in api.get("/carriers").body["data"] if c["name"] == "UPS")
    sent = {
        "name": "Flat",
        "type": "flat_rate_freight",
        "flat_rate": 25,
        "free_freight_threshold": "500",
        "free_option_ids": [ups["options"][0]["id"]],
    }
    made = api.post("/shipping-terms", sent).body
    assert (made["flat_rate"], made["free_freight_threshold"]) == ("25.00", "500.00")
    assert (made["minimum_order_value"], made["currency"]) == (None, "USD")
    assert made["free_option_ids"] == sent["free_option_ids"]
    wrong = api.post("/shipping-terms", sent | {"name": "X", "free_option_ids": [ups["id"]]})
    assert (wrong.status, list(wrong.body["fields"])) == (422, ["free_option_ids.0"])


def test_money_that_no_column_can_hold_is_refused() -> None:
    api = found_company().api()
    flat = {"name": "Flat", "type": "flat_rate_freight", "flat_rate": "99999999999999999999"}
    answer = api.post("/shipping-terms", flat)
    assert (answer.status, list(answer.body["fields"])) == (422, ["flat_rate"])
