"""The organization's own page of settings."""

import pytest

from orderwright.directory import organization as house
from tests.company import found_company
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

FORM = {
    "name": "Orderwright Works",
    "country": "US",
    "timezone": "America/Chicago",
    "default_currency": "USD",
    "default_weight_unit": "ct",
    "so_prefix": "ORD-",
    "po_prefix": "PO-",
    "invoice_prefix": "INV-",
    "tag_prefix": "",
    "tier_mode": "highest",
    "volume_applies?": "on",
    "auto_issue?": "on",
    "allow_negative?": "on",
}


def test_an_administrator_changes_prefix_and_switches() -> None:
    company = found_company()
    client = signed_in(company.email)
    saved = client.post("/settings/organization", {**FORM, "version": "1", "volume_applies": "on"})
    assert saved.status_code == 302
    company.enter()
    row = house.organization(by=company.by)
    assert (row.so_prefix, row.default_weight_unit) == ("ORD-", "ct")
    assert row.settings["pricing.tier_mode"] == "highest"
    assert row.settings["pricing.volume_applies_to_customer_price"] is True
    assert row.settings["orders.auto_issue_on_submit"] is False


def test_a_wrong_time_zone_stands_beside_its_field_and_stays_typed() -> None:
    client = signed_in(found_company().email)
    refused = client.post(
        "/settings/organization", {**FORM, "version": "1", "timezone": "Mars/Olympus"}
    )
    assert refused.status_code == 422
    assert 'value="Mars/Olympus"' in refused.content.decode()
