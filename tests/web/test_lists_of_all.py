"""Every list has its views, columns, sorts and files; those of stock and shipments their tabs."""

import csv
import io
import re
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.activity.models import BulkRun
from orderwright.directory.models import Carrier, PaymentTerm
from orderwright.inventory import locations, lot_queries, lots
from orderwright.web import list_actions
from tests.web.conftest import signed_in
from tests.web.sales_desk import Desk, open_desk

pytestmark = pytest.mark.django_db

RECORDS = {
    "payment-terms": "/settings/payment-terms",
    "shipping-terms": "/settings/shipping-terms",
    "carriers": "/settings/carriers",
    "customer-groups": "/settings/customer-groups",
    "locations": "/settings/locations",
    "product-lines": "/settings/product-lines",
    "product-categories": "/settings/product-categories",
    "staff": "/staff",
    "customer-prices": "/pricing/customer-prices",
    "volume-discounts": "/pricing/volume-discounts",
    "discount-codes": "/pricing/discount-codes",
    "inventory": "/inventory",
    "shipments": "/shipments",
    "users": "/settings/users",
    "imports": "/imports",
    "picks": "/picks",
    "payments": "/payments",
}


@pytest.fixture
def desk() -> Desk:
    return open_desk()


@pytest.fixture
def admin(desk: Desk) -> Client:
    return signed_in(desk.company.email)


def csv_rows(client: Client, key: str, query: str = "") -> list[list[str]]:
    answer = client.get(f"/lists/{key}/export.csv{query}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(content, newline="")))


def primary(html: str) -> list[str]:
    return re.findall(r'class="[^"]*primary[^"]*"><a [^>]+>([^<]+)<', html)


@pytest.mark.parametrize("key", RECORDS)
def test_every_list_can_be_saved_sorted_and_exported_as_it_is_shown(
    desk: Desk, admin: Client, key: str
) -> None:
    url = RECORDS[key]
    listed = list_actions.list_page(key)
    assert listed.path == url
    html = admin.get(url).content.decode()
    desk.company.enter()
    shown = [one for one in listed.columns(desk.company.by) if not one.optional]
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?([^<]+)', html)
    assert heads == ([one.label for one in shown] if heads else [])
    labels = [text for one in shown for text in ([one.label, ""] if one.unit else [one.label])]
    assert [a if a == b else "" for a, b in zip(csv_rows(admin, key)[0], labels, strict=True)] == (
        labels
    )
    for sort in listed.sorts:
        assert admin.get(f"{url}?sort=-{sort}").status_code == 200
    sent = {"name": "Mine", "query": "q=x"}
    assert admin.post(f"/lists/{key}/views/new", sent).status_code == 302
    assert "Mine" in admin.get(url).content.decode()


def test_set_up_records_sort_by_name_and_go_on_and_back(desk: Desk, admin: Client) -> None:
    PaymentTerm.objects.bulk_create(
        PaymentTerm(
            organization_id=desk.company.id,
            name=f"Terms {number:03}",
            code=f"T{number:03}",
            timing="net",
            net_days=number,
        )
        for number in range(70)
    )
    link = r'<a class="btn btn-small" href="([^"]+)" rel="{}"'
    first = admin.get("/settings/payment-terms?sort=-name&q=Terms").content.decode()
    assert primary(first)[:2] == ["Terms 069", "Terms 068"]
    (forward,) = re.findall(link.format("next"), first)
    second = admin.get(forward.replace("&amp;", "&")).content.decode()
    assert primary(second)[0] == "Terms 019"
    (back,) = re.findall(link.format("prev"), second)
    assert primary(admin.get(back.replace("&amp;", "&")).content.decode()) == primary(first)


def test_a_list_of_set_up_records_costs_the_same_however_many_there_are(
    desk: Desk, admin: Client
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            assert admin.get("/settings/carriers?sort=name").status_code == 200
        return len(statements)

    cost()
    one = cost()
    Carrier.objects.bulk_create(
        Carrier(organization_id=desk.company.id, name=f"Carrier {number}") for number in range(5)
    )
    assert cost() == one


def lot_of(desk: Desk, quantity: str, **more: object) -> lot_queries.LotRow:
    desk.company.enter()
    sent = {"product_id": str(desk.ring), "quantity": quantity, **more}
    return lots.add_lot(by=desk.company.by, sent=sent)


def counts(html: str) -> list[tuple[str, str]]:
    found = re.findall(r'<a href="[^"]*"[^>]*>(\w[\w ]*)<span class="count">([^<]+)</span>', html)
    return [(name, count) for name, count in found]


def test_stock_is_told_by_what_can_be_done_with_it(desk: Desk, admin: Client) -> None:
    before = dict(counts(admin.get("/inventory").content.decode()))
    full, broken = lot_of(desk, "5"), lot_of(desk, "2")
    empty = lot_of(desk, "3")
    by = desk.company.by
    lots.edit_lot(by=by, ref=broken.id, sent={"status": "scrap"})
    lots.adjust_lot(by=by, ref=empty.id, sent={"quantity": "0", "reason": "Lost"})
    html = admin.get("/inventory").content.decode()
    assert dict(counts(html)) == {
        "All": str(int(before["All"]) + 3),
        "In stock": str(int(before["In stock"]) + 1),
        "Low": before["Low"],
    }
    assert full.tag_id in primary(admin.get("/inventory?stock=in").content.decode())
    assert primary(admin.get("/inventory?stock=rejected").content.decode()) == [broken.tag_id]
    assert primary(admin.get("/inventory?stock=out").content.decode()) == [empty.tag_id]


def test_many_lots_are_moved_at_once(desk: Desk, admin: Client) -> None:
    first, second = lot_of(desk, "5"), lot_of(desk, "2", inventory_type="Sample")
    target = _location(desk, "Shop")
    lots.transfer_lot(by=desk.company.by, ref=second.id, sent={"location_id": str(target)})
    sent = {"ids": f"{first.id} {second.id}", "location_id": str(target)}
    html = admin.post("/lists/inventory/bulk/transfer", sent).content.decode()
    assert "<b>2</b> lots will be moved." in html
    answer = admin.post("/lists/inventory/bulk/transfer", {**sent, "act": "yes"})
    assert answer["Location"] == f"/bulk-runs/{BulkRun.objects.get().pk}"
    assert "1 lot moved, 1 skipped." in admin.get(answer["Location"]).content.decode()
    desk.company.enter()
    assert lot_queries.lot(by=desk.company.by, ref=first.id).location_id == target


def test_lots_stand_in_the_order_of_their_tags_both_ways(desk: Desk, admin: Client) -> None:
    tags = [lot_of(desk, "1", tag_id=f"ZZ-{name}").tag_id for name in ("B", "C", "A")]
    up = csv_rows(admin, "inventory", "?sort=tag&q=ZZ-")
    down = csv_rows(admin, "inventory", "?sort=-tag&q=ZZ-")
    assert [row[0] for row in up[1:]] == sorted(tags)
    assert [row[0] for row in down[1:]] == sorted(tags, reverse=True)


def _location(desk: Desk, name: str) -> UUID:
    from orderwright.activity import records

    sent = {"name": name, "is_active": True}
    return records.create(by=desk.company.by, kind=locations.LOCATION, sent=sent)
