"""Lists as pages and as files: filters, sorts, columns, views, exports, many rows at once."""

import csv
import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.activity.models import BulkRun, SavedView
from orderwright.catalog.models import Product
from orderwright.directory.models import Customer
from orderwright.kernel.formulas import quoted
from orderwright.sales import actions
from tests.web.conftest import signed_in
from tests.web.sales_desk import Desk, open_desk

pytestmark = pytest.mark.django_db

LIST = "/orders/sales"
PAYLOADS = ("=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "=cmd|' /C calc'!A0", "＝1")


@pytest.fixture
def desk() -> Desk:
    return open_desk()


@pytest.fixture
def admin(desk: Desk) -> Client:
    return signed_in(desk.company.email)


def numbers(html: str) -> list[str]:
    return re.findall(r'class="code">(SO-\d+)<', html)


def shown(client: Client, query: str = "") -> str:
    answer = client.get(f"{LIST}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def csv_rows(client: Client, key: str = "sales-orders", query: str = "") -> list[list[str]]:
    answer = client.get(f"/lists/{key}/export.csv{query}")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(client: Client, key: str = "sales-orders", query: str = "") -> list[tuple[Any, ...]]:
    answer = client.get(f"/lists/{key}/export.xlsx{query}")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    return list(book.active.iter_rows(values_only=True))


def test_several_values_of_a_filter_stand_as_one_chip_that_can_be_removed(
    desk: Desk, admin: Client
) -> None:
    held, free = desk.order(), desk.order()
    with transaction.atomic():
        desk.company.enter()
        actions.hold_order(by=desk.company.by, order=held.id, reason="wait")
    html = shown(admin, "?fulfillment_status=on_hold&fulfillment_status=shipped&sort=-total")
    assert numbers(html) == [held.head.number]
    assert re.findall(r'<a href="([^"]+)" class="filter-chip" aria-label="([^"]+)"', html) == [
        (f"{LIST}?sort=-total", "Remove Fulfillment: On Hold, Shipped")
    ]
    assert numbers(shown(admin, "?fulfillment_status=not_started,shipped")) == [free.head.number]
    assert "Clear all" in html


def test_tabs_say_how_many_unless_something_else_narrows_the_list(
    desk: Desk, admin: Client
) -> None:
    for _ in range(3):
        desk.order()
    counts = r'<a href="[^"]*"[^>]*>(\w[\w ]*)<span class="count">([^<]+)</span>'
    assert re.findall(counts, shown(admin, "?status=estimate")) == [
        ("All", "3"),
        ("Estimate", "3"),
        ("Issued", "0"),
        ("Fulfilled", "0"),
        ("Completed", "0"),
        ("On hold", "0"),
    ]
    assert re.findall(counts, shown(admin, "?q=SO")) == []


def test_a_click_on_a_heading_sorts_and_a_second_one_turns_it_around(
    desk: Desk, admin: Client
) -> None:
    small = desk.order([(desk.diamond, "1")])
    large = desk.order([(desk.ring, "2")])
    html = shown(admin)
    assert f'<a class="sort" href="{LIST}?sort=-total">Total</a>' in html
    html = shown(admin, "?sort=-total")
    assert numbers(html) == [large.head.number, small.head.number]
    assert 'aria-sort="descending"' in html
    assert f'href="{LIST}?sort=total"' in html
    assert numbers(shown(admin, "?sort=total")) == [small.head.number, large.head.number]


def test_pages_go_on_and_back(desk: Desk, admin: Client) -> None:
    Customer.objects.bulk_create(
        Customer(organization_id=desk.company.id, name=f"Firm {number:03}", number=f"F{number:03}")
        for number in range(120)
    )
    first = admin.get("/customers?sort=name").content.decode()
    link = r'<a class="btn btn-small" href="([^"]+)" rel="{}"'
    (forward,) = re.findall(link.format("next"), first)
    second = admin.get(forward.replace("&amp;", "&")).content.decode()
    (back,) = re.findall(link.format("prev"), second)
    again = admin.get(back.replace("&amp;", "&")).content.decode()
    names = r'class="primary"><a href="[^"]+">([^<]+)<'
    assert re.findall(names, first)[:2] == ["Acme Jewelers", "Firm 000"]
    assert re.findall(names, second)[0] == "Firm 049"
    assert re.findall(names, again) == re.findall(names, first)
    assert "50 rows on this page" in first


def test_columns_are_chosen_and_the_export_has_the_same(desk: Desk, admin: Client) -> None:
    desk.order(priority="high")
    admin.post("/lists/sales-orders/columns", {"columns": ["stage", "priority"]})
    heads = re.findall(r'<th scope="col"[^>]*>(?:<a[^>]*>)?(\w+)', shown(admin))
    assert heads == ["Number", "Stage", "Priority"]
    assert csv_rows(admin) == [["Number", "Stage", "Priority"], ["SO-00001", "Estimate", "high"]]
    admin.post("/lists/sales-orders/columns", {"reset": "on"})
    assert "Fulfillment" in csv_rows(admin)[0]


def test_a_view_is_saved_opened_renamed_and_deleted(desk: Desk, admin: Client) -> None:
    sent = {"query": "status=issued&q=Acme", "name": "Big ones", "is_default": "on"}
    assert admin.post("/lists/sales-orders/views/new", sent).status_code == 302
    view = SavedView.objects.get()
    assert admin.get(LIST)["Location"] == f"{LIST}?status=issued&q=Acme"
    html = shown(admin, "?status=issued&q=Acme")
    assert f'<a href="{LIST}?status=issued&amp;q=Acme" aria-current="page">Big ones</a>' in html
    assert f'href="{LIST}?view=all"' in html
    admin.post(f"/views/{view.pk}", {"name": "Large ones"})
    assert "Large ones" in shown(admin)
    admin.post(f"/views/{view.pk}/delete")
    assert not SavedView.objects.exists()


def test_a_colleague_cannot_touch_a_view(desk: Desk, admin: Client) -> None:
    from orderwright.identity import actions as identity
    from tests.company import PASSWORD

    admin.post("/lists/sales-orders/views/new", {"name": "Mine", "query": ""})
    desk.company.enter()
    email = "viewer@works.example"
    identity.create_user(by=desk.company.by, email=email, role="Viewer", password=PASSWORD)
    colleague = signed_in(email)
    view = SavedView.objects.get()
    assert "Mine" not in shown(colleague)
    assert colleague.get(f"/views/{view.pk}").status_code == 404
    assert colleague.post(f"/views/{view.pk}/delete").status_code == 404


def test_an_export_has_typed_values_of_all_rows_that_match(desk: Desk, admin: Client) -> None:
    day = desk.company.by.today + timedelta(days=3)
    desk.order(date_required=day, customer_po_number="7")
    desk.order([(desk.ring, "1")])
    rows = sheet(admin, query="?sort=total")
    head, first, second = rows
    cell = dict(zip(head, first, strict=True))
    assert (cell["Number"], cell["Total"], cell["Total unit"]) == ("SO-00002", 310, "USD")
    cell = dict(zip(head, second, strict=True))
    assert (cell["Required"].date(), cell["PO no."]) == (day, "7")
    texts = dict(zip(*csv_rows(admin, query="?q=SO-00001"), strict=True))
    assert (texts["Total"], texts["Required"]) == ("312.5", day.isoformat())


def test_an_export_goes_beyond_one_part_in_the_lists_sort(desk: Desk, admin: Client) -> None:
    Product.objects.bulk_create(
        Product(organization_id=desk.company.id, sku=f"P{number:05}", name="Part")
        for number in range(2100)
    )
    skus = [row[1] for row in csv_rows(admin, "products", "?q=Part&sort=sku")[1:]]
    assert skus == [f"P{number:05}" for number in range(2100)]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_of_an_export_starts_a_formula(desk: Desk, admin: Client, payload: str) -> None:
    Customer.objects.of(desk.company.id).update(name=payload)
    desk.order()
    column = csv_rows(admin)[0].index("Customer")
    assert csv_rows(admin)[1][column] == f"'{payload}"
    found = sheet(admin)[1][column]
    assert found.replace("_x000D_", "\r") == f"'{payload}"


def test_numbers_below_zero_stay_numbers() -> None:
    from orderwright.web.list_exports import _as_text

    assert _as_text(Decimal("-5.50"), "UTC") == "-5.5"
    assert quoted("-5.50") == "'-5.50"
    assert quoted("5 - 3") == "5 - 3"


def test_who_sees_no_prices_exports_none(desk: Desk, admin: Client) -> None:
    from orderwright.identity import actions as identity
    from tests.company import PASSWORD

    desk.order()
    desk.company.enter()
    email = "viewer@works.example"
    identity.create_user(by=desk.company.by, email=email, role="Viewer", password=PASSWORD)
    colleague = signed_in(email)
    colleague.post("/lists/sales-orders/columns", {"columns": ["stage", "total"]})
    assert csv_rows(colleague)[0] == ["Number", "Stage"]
    assert [one for one in sheet(colleague)[0] if one] == ["Number", "Stage"]


def test_an_export_is_refused_without_the_permission_to_read(desk: Desk, admin: Client) -> None:
    from orderwright.identity import actions as identity
    from tests.company import PASSWORD

    desk.company.enter()
    email = "member@works.example"
    identity.create_user(by=desk.company.by, email=email, role="Member", password=PASSWORD)
    colleague = signed_in(email)
    assert colleague.get("/lists/sales-orders/export.csv").status_code == 403
    assert admin.get("/lists/nothing/export.csv").status_code == 404


def test_the_dialog_says_what_will_happen_and_a_yes_does_it(desk: Desk, admin: Client) -> None:
    free, held = desk.order(), desk.order()
    with transaction.atomic():
        desk.company.enter()
        actions.hold_order(by=desk.company.by, order=held.id, reason="wait")
    url, ids = "/lists/sales-orders/bulk/hold", f"{free.id} {held.id}"
    html = admin.post(url, {"ids": ids}).content.decode()
    assert "<b>1</b> order will be put on hold, <b>1</b> is skipped:" in html
    assert not BulkRun.objects.exists()
    answer = admin.post(url, {"ids": ids, "act": "yes", "reason": ""})
    assert answer.status_code == 422
    answer = admin.post(url, {"ids": ids, "act": "yes", "reason": "Credit"})
    run = BulkRun.objects.get()
    assert answer["Location"] == f"/bulk-runs/{run.pk}"
    result = admin.get(f"/bulk-runs/{run.pk}").content.decode()
    assert "1 order put on hold, 1 skipped." in result
    answer = admin.get(f"/bulk-runs/{run.pk}/results.csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[:2] == ["Row,Record,Result,Why", f'1,"{free.head.number}","done",""']


def test_all_that_match_are_meant_by_their_address(desk: Desk, admin: Client) -> None:
    for _ in range(3):
        desk.order()
    sent = {"matching": "status=estimate", "act": "yes", "reason": "Stock-taking"}
    answer = admin.post("/lists/sales-orders/bulk/hold", sent)
    assert answer["Location"] == LIST
    assert len(numbers(shown(admin, "?on_hold=yes"))) == 3


def test_a_page_of_a_list_costs_the_same_however_many_rows_it_has(
    desk: Desk, admin: Client
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as statements:
            shown(admin, "?sort=-total")
        return len(statements)

    desk.order()
    shown(admin)
    one = cost()
    for _ in range(10):
        desk.order()
    assert cost() == one
    assert one <= 16


def test_fifty_orders_weigh_less_than_sixty_kilobytes(desk: Desk, admin: Client) -> None:
    for number in range(51):
        desk.order(customer_po_number=f"PO-2026-{number:04}", date_required=date(2026, 12, 1))
    html = shown(admin)
    assert len(numbers(html)) == 50
    assert len(html.encode()) < 60_000
