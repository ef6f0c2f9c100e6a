"""The organization's own pages of settings."""

import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orderwright.directory import organization as house
from orderwright.directory.organization import OrganizationRow
from orderwright.identity.caller import SETTINGS
from orderwright.web import subjects as pages
from tests.company import Company

FORMS = {
    "/settings/organization": {
        "name": "Orderwright Works",
        "street": "1 Mill Lane",
        "city": "Springfield",
        "country": "US",
        "timezone": "America/Chicago",
        "default_currency": "USD",
        "default_weight_unit": "ct",
    },
    "/settings/numbers": {
        "so_prefix": "ORD-",
        "po_prefix": "PO-",
        "invoice_prefix": "INV-",
        "tag_prefix": "T",
        "percent_dp": "2",
    },
    "/settings/pricing": {
        "tier_mode": "highest",
        "unit_price_dp": "2",
        "volume_applies?": "",
    },
    "/settings/orders": {
        "auto_issue?": "",
        "auto_issue": "on",
        "auto_complete?": "",
        "estimate_days": "14",
    },
    "/settings/stock": {"allow_negative?": "", "allow_negative": "on"},
    "/settings/production": {"due_offset_days": "10", "enforce_inventory_types?": ""},
    "/settings/invoices": {
        "invoicing_mode": "manual",
        "footer": "IBAN\r\nDE00",
        "show_photos?": "",
        "show_photos": "on",
        "tax_number": "de 123 456 788",
        "iban": "DE89 3704 0044 0532 0130 00",
    },
    "/settings/security": {"second_factor_from": "2030-01-31"},
}


def png(width: int = 3, height: int = 2) -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width + 1) * min(height, 10)))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


JPEG = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x02\x00\x03" + b"\0" * 20


def row(company: Company) -> OrganizationRow:
    company.enter()
    return house.organization(by=company.by)


def test_every_subject_is_saved_from_its_page(company: Company, admin: Client) -> None:
    assert sorted(FORMS) == sorted(one.url for one in pages.ALL)
    for version, (url, form) in enumerate(FORMS.items(), 1):
        saved = admin.post(url, {**form, "version": str(version)})
        assert (url, saved.status_code) == (url, 302)
    now = row(company)
    assert (now.so_prefix, now.default_weight_unit, now.street) == ("ORD-", "ct", "1 Mill Lane")
    assert now.settings == {
        "metrics.percent_dp": 2,
        "pricing.tier_mode": "highest",
        "pricing.unit_price_dp": 2,
        "pricing.volume_applies_to_customer_price": False,
        "orders.auto_issue_on_submit": True,
        "orders.auto_complete_when_paid": False,
        "orders.estimate_days": 14,
        "stock.allow_negative": True,
        "production.due_offset_days": 10,
        "production.enforce_inventory_types": False,
        "invoicing.mode": "manual",
        "invoicing.footer": "IBAN\nDE00",
        "invoicing.show_photos": True,
        "invoicing.tax_number": "DE123456788",
        "invoicing.iban": "DE89370400440532013000",
        "security.second_factor_from": "2030-01-31",
    }


def test_every_setting_has_a_place_on_a_page() -> None:
    placed = [key for one in pages.ALL for key in one.keys.values()]
    assert sorted(placed) == sorted(SETTINGS)


def test_a_page_shows_what_is_set(company: Company, admin: Client) -> None:
    admin.post("/settings/pricing", {**FORMS["/settings/pricing"], "version": "1"})
    html = admin.get("/settings/pricing").content.decode()
    assert '<option value="highest" selected>' in html
    assert "less 10 % is 85.50" in html


@pytest.mark.parametrize(
    ("url", "wrong", "field"),
    [
        ("/settings/organization", {"timezone": "Mars/Olympus"}, "timezone"),
        ("/settings/numbers", {"so_prefix": "S O"}, "so_prefix"),
        ("/settings/security", {"second_factor_from": "soon"}, "second_factor_from"),
    ],
)
def test_what_is_wrong_stays_typed_beside_its_error(
    company: Company, admin: Client, url: str, wrong: dict[str, str], field: str
) -> None:
    refused = admin.post(url, {**FORMS[url], **wrong, "version": "1"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, [field])
    assert f'value="{wrong[field]}"' in refused.content.decode()


def test_a_second_editor_overwrites_nothing(company: Company, admin: Client) -> None:
    url = "/settings/numbers"
    assert admin.post(url, {**FORMS[url], "version": "1"}).status_code == 302
    assert admin.post(url, {**FORMS[url], "so_prefix": "X-", "version": "1"}).status_code == 409
    assert row(company).so_prefix == "ORD-"


def upload(client: Client, content: bytes) -> int:
    picture = SimpleUploadedFile("logo.png", content, "image/png")
    return client.post("/settings/organization/logo", {"logo": picture}).status_code


@pytest.mark.parametrize(("content", "kind"), [(png(), "image/png"), (JPEG, "image/jpeg")])
def test_a_logo_is_kept_and_shown(
    company: Company, admin: Client, content: bytes, kind: str
) -> None:
    assert upload(admin, content) == 302
    shown = admin.get("/settings/organization/logo.bin")
    assert (shown.content, shown["Content-Type"]) == (content, kind)
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert admin.post("/settings/organization/logo/remove").status_code == 302
    assert admin.get("/settings/organization/logo.bin").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"",
        b"GIF89a" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff" + b"\0" * 50,
        png() + b"\0" * 1024 * 1024,
        png(50_000, 50_000),
    ],
    ids=["svg", "empty", "gif", "half a png", "half a jpeg", "too many bytes", "too many pixels"],
)
def test_a_picture_that_may_harm_is_refused(
    company: Company, admin: Client, content: bytes
) -> None:
    assert upload(admin, content) == 422
    assert row(company).logo_type == ""


@pytest.mark.parametrize("url", ["/settings", "/settings/tax", "/settings/units"])
def test_what_explains_itself_opens(company: Company, admin: Client, url: str) -> None:
    assert admin.get(url).status_code == 200
