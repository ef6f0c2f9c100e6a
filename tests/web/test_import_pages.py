"""The pages of imports, as a browser without scripts sees them."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orderwright.catalog.models import Product
from orderwright.importing import undoing
from tests.company import NOW, Company
from tests.importing.desk import csv_of, worked

pytestmark = pytest.mark.django_db
ROWS = [["SKU", "Title", "Price"], ["A", "Apple", "1"], ["B", "", "2"], ["C", "Cherry", "3"]]


def upload(client: Client, content: bytes, kind: str = "products") -> Any:
    return client.post(
        "/imports/new", {"kind": kind, "file": SimpleUploadedFile("stock.csv", content)}
    )


def html_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_an_upload_leads_to_its_preview_and_on_to_records(company: Company, admin: Client) -> None:
    made = upload(admin, csv_of(ROWS))
    assert made.status_code == 302
    html = html_of(admin, made.url)
    assert "Start the import" in html
    assert "Name: This is needed." in html
    assert html.count('import-column"') == 3
    assert admin.post(f"{made.url}/start").status_code == 302
    running = html_of(admin, made.url)
    assert 'hx-trigger="every 1s"' in running
    assert "1 of 3 rows" in html_of(admin, f"{made.url}/progress")
    worked(company.by, made.url.split("/")[-1])
    through = admin.get(f"{made.url}/progress")
    assert through["HX-Redirect"] == made.url
    assert "Undo" in html_of(admin, made.url)
    company.enter()
    assert sorted(Product.objects.of(company.id).values_list("sku", flat=True)) == ["A", "C"]


def test_the_same_file_once_more_says_when_it_was_imported(company: Company, admin: Client) -> None:
    first = upload(admin, csv_of(ROWS)).url
    again = upload(admin, csv_of(ROWS)).url
    assert "This very file" not in html_of(admin, again)
    admin.post(f"{first}/start")
    worked(company.by, first.split("/")[-1])
    assert f'This very file was <a href="{first}">' in html_of(admin, again)
    assert "This very file" not in html_of(admin, upload(admin, csv_of(ROWS[:2])).url)
    admin.post(f"{first}/undo")
    worked(company.by, first.split("/")[-1])
    assert "This very file" not in html_of(admin, again)


def test_columns_can_be_chosen_anew_and_a_field_twice_is_refused_beside_it(
    admin: Client,
) -> None:
    at = upload(admin, csv_of(ROWS)).url
    html = html_of(admin, at)
    version = re.search(r'name="version" value="(\d+)"', html)
    assert version is not None
    chosen = {"version": version[1], "column.0": "sku", "column.1": "sku", "column.2": "name"}
    refused = admin.post(f"{at}/columns", chosen)
    assert refused.status_code == 422
    assert "Another column is read as this already." in refused.content.decode()
    changed = admin.post(f"{at}/columns", {**chosen, "column.1": "", "mode": "create"})
    assert (changed.status_code, changed.url) == (302, at)
    assert "Bad rows" not in html_of(admin, at)


def test_a_file_that_is_no_table_is_refused_beside_its_field(admin: Client) -> None:
    refused = upload(admin, b"<html><body>")
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "This is a web page or XML" in html
    assert 'aria-describedby="e-file h-file"' in html
    assert '<option value="products" selected>' in html
    nothing = admin.post("/imports/new", {"kind": "products"})
    assert "Choose a file." in nothing.content.decode()


def test_bad_rows_and_templates_are_files(admin: Client) -> None:
    at = upload(admin, csv_of(ROWS)).url
    bad = admin.get(f"{at}/bad-rows.csv")
    assert bad["Content-Disposition"] == 'attachment; filename="products-bad-rows.csv"'
    assert bad.content.decode("utf-8-sig").splitlines() == [
        "SKU,Title,Price,Reason",
        "B,,2,Name: This is needed.",
    ]
    for kind in ("customers", "products", "inventory", "orders"):
        template = admin.get(f"/imports/template/{kind}.csv")
        assert template.status_code == 200
    assert admin.get("/imports/template/nothing.csv").status_code == 404


def test_an_undo_that_is_refused_says_what_is_in_use(company: Company, admin: Client) -> None:
    at = upload(admin, csv_of(ROWS)).url
    admin.post(f"{at}/start")
    import_id = at.split("/")[-1]
    worked(company.by, import_id)
    company.enter()
    Product.objects.of(company.id).filter(sku="A").update(version=2)
    admin.post(f"{at}/undo")
    company.enter()
    undoing.undo_import(company.id, import_id, now=NOW)
    html = html_of(admin, at)
    assert "Nothing was undone: 1 of its records are in use." in html
    assert "Somebody changed this product since." in html


def test_who_may_import_nothing_is_told_so(person: Any) -> None:
    assert person("Viewer").get("/imports").status_code == 403


def test_an_action_out_of_order_says_why(admin: Client) -> None:
    at = upload(admin, csv_of(ROWS)).url
    assert admin.post(f"{at}/stop").status_code == 302
    assert "Only a running import can be stopped." in html_of(admin, at)
