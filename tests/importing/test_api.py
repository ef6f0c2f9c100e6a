"""Imports over HTTP."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.company import Api, Company, found_company
from tests.importing.desk import csv_of, worked

pytestmark = pytest.mark.django_db

FILE = csv_of([["SKU", "Name", "Price"], ["A", "A", "1"], ["B", "", "2"], ["C", "C", "3"]])


def send(api: Api, kind: str = "products", content: bytes = FILE, **headers: str) -> Any:
    """Upload a file."""
    return Client().post(
        "/api/v1/imports",
        {"kind": kind, "file": SimpleUploadedFile("file.csv", content)},
        headers={"Authorization": f"Bearer {api.key}", **headers},
    )


@pytest.fixture
def company() -> Company:
    return found_company()


def test_a_file_goes_from_upload_to_records_and_back(company: Company) -> None:
    api = company.api()
    made = send(api)
    assert made.status_code == 201
    body = made.json()
    assert (body["status"], body["counts"]) == ("ready", {"new": 2, "bad": 1})
    assert body["columns"] == {"sku": 0, "name": 1, "base_price": 2}
    at = f"/imports/{body['id']}"
    bad = api.get(f"{at}/rows", status="bad").body
    assert bad["next_cursor"] is None
    (row,) = bad["data"]
    assert (row["number"], row["errors"]) == (3, {"name": "This is needed."})
    started = api.post(f"{at}/actions/start", {"version": body["version"]})
    assert (started.status, started.body["status"]) == (200, "running")
    worked(company.by, body["id"])
    done = api.get(at).body
    assert (done["status"], done["counts"]) == ("finished", {"created": 2, "bad": 1})
    assert [row["sku"] for row in api.get("/products").body["data"]] == ["C", "A"]
    stale = api.post(f"{at}/actions/undo", {"version": 1})
    assert (stale.status, stale.body["code"]) == (409, "stale_version")
    assert api.post(f"{at}/actions/undo").body["status"] == "undoing"
    assert [one["id"] for one in api.get("/imports").body["data"]] == [body["id"]]


def test_columns_and_mode_can_be_changed(company: Company) -> None:
    api = company.api()
    body = send(api).json()
    changed = api.patch(
        f"/imports/{body['id']}", {"columns": {"sku": 0, "name": 0}, "version": body["version"]}
    )
    assert (changed.status, changed.body["fields"]) == (
        422,
        {"columns.name": "This column is read already."},
    )
    changed = api.patch(
        f"/imports/{body['id']}", {"columns": {"sku": 0, "name": 2}, "mode": "create"}
    )
    assert (changed.status, changed.body["counts"]) == (200, {"new": 3})


def test_rows_come_in_pages(company: Company) -> None:
    api = company.api()
    at = f"/imports/{send(api).json()['id']}/rows"
    first = api.get(at, limit=2).body
    assert [row["number"] for row in first["data"]] == [2, 3]
    second = api.get(at, limit=2, cursor=first["next_cursor"]).body
    assert ([row["number"] for row in second["data"]], second["next_cursor"]) == ([4], None)


@pytest.mark.parametrize(
    ("kind", "content", "field"),
    [
        ("nothing", FILE, "kind"),
        ("products", b"", "file"),
        ("products", b"<html>", "file"),
        ("products", b"PK\x03\x04", "file"),
    ],
)
def test_what_is_no_import_is_refused_with_its_field(
    company: Company, kind: str, content: bytes, field: str
) -> None:
    refused = send(company.api(), kind, content)
    assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])


def test_a_file_that_is_too_large_is_not_read(company: Company) -> None:
    refused = send(company.api(), content=b"x" * 10_200_000)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    over = send(company.api(), content=b"x" * 10_000_001)
    assert (over.status_code, over.json()["code"]) == (422, "file_too_large")


def test_a_repeated_upload_with_its_key_is_the_same_import(company: Company) -> None:
    api = company.api()
    headers = {"Idempotency-Key": "one"}
    boundary = "multipart/form-data; boundary=XX"
    sent = (
        b'--XX\r\nContent-Disposition: form-data; name="kind"\r\n\r\nproducts\r\n'
        b'--XX\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
        b"sku,name\nA,A\n\r\n--XX--\r\n"
    )
    first, again = (
        Client().generic(
            "POST",
            "/api/v1/imports",
            sent,
            content_type=boundary,
            headers={"Authorization": f"Bearer {api.key}", **headers},
        )
        for _ in range(2)
    )
    assert (first.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert first.json()["id"] == again.json()["id"]


def test_a_role_imports_only_what_it_may_create_and_change(company: Company) -> None:
    allowed = {}
    for role in ("Manager", "Member", "Viewer", "Sales", "Warehouse", "Finance"):
        api = company.api(role)
        statuses = [send(api, kind, b"a,b\n1,2\n").status_code for kind in _KINDS]
        allowed[role] = [k for k, s in zip(_KINDS, statuses, strict=True) if s == 201]
    assert allowed == {
        "Manager": ["inventory"],
        "Member": [],
        "Viewer": [],
        "Sales": ["customers", "orders"],
        "Warehouse": ["inventory"],
        "Finance": [],
    }


_KINDS = ("customers", "products", "inventory", "orders")


def test_a_file_with_prices_is_not_shown_to_who_may_not_see_them(company: Company) -> None:
    made = send(company.api(), "inventory", b"product,qty\nA,1\n").json()
    assert company.api("Warehouse").get(f"/imports/{made['id']}").status == 404
    assert company.api("Warehouse").get("/imports").body["data"] == []


def test_strangers_find_nothing(company: Company) -> None:
    made = send(company.api()).json()
    other = found_company("Other", email="bo@other.example").api()
    assert other.get("/imports").body["data"] == []
    for path in ("", "/rows"):
        assert other.get(f"/imports/{made['id']}{path}").status == 404
    for verb in ("start", "stop", "resume", "undo"):
        assert other.post(f"/imports/{made['id']}/actions/{verb}").status == 404
    assert other.patch(f"/imports/{made['id']}", {"mode": []}).status == 404
