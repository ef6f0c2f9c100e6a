"""Pages of the directory, the catalog and the inventory, as the server writes them."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from orderwright.directory.models import Customer, PaymentTerm
from orderwright.identity.queries import SignedIn
from orderwright.kernel.ids import new_id
from orderwright.web.headers import CONTENT_SECURITY_POLICY
from orderwright.web.road import QueryInTemplate, page
from tests.company import Company, found_company
from tests.web.conftest import signed_in

ADDRESS = {
    "addresses.0.label": "Main",
    "addresses.0.country": "CA",
    "addresses.0.street_1": "12 King St",
    "addresses.0.city": "Toronto",
    "addresses.0.postal_code": "M5H 1A1",
    "addresses.0.is_ship_to?": "",
    "addresses.0.is_ship_to": "on",
}
PAGES = (
    "/customers",
    "/customers/new",
    "/products",
    "/products/new",
    "/inventory",
    "/inventory/new",
    "/staff",
    "/staff/new",
    "/settings",
    "/settings/payment-terms",
    "/settings/payment-terms/new",
    "/settings/shipping-terms",
    "/settings/shipping-terms/new",
    "/settings/carriers",
    "/settings/carriers/new",
    "/settings/customer-groups",
    "/settings/customer-groups/new",
    "/settings/locations",
    "/settings/locations/new",
    "/settings/product-lines",
    "/settings/product-categories",
    "/style",
)


def names(answer: HttpResponse) -> list[str]:
    """What stands in the first column of a list."""
    return re.findall(r'<td class="primary"[^>]*><a [^>]*>([^<]+)</a>', answer.content.decode())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_runs_no_inline_code_and_no_other_hosts(admin: Client, path: str) -> None:
    answer = admin.get(path)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert re.findall(r"<[^>]+\sstyle=", html) == []
    assert re.findall(r"<[^>]+\son[a-z]+=", html) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert re.findall(r"<style", html) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', html) == []
    assert len(re.findall(r"btn-primary", html)) <= 3  # the page's, and those of the two dialogs


def test_a_template_never_asks_the_database(company: Company) -> None:
    request = RequestFactory().get("/")
    signed = SignedIn(caller=company.by, email="", theme="auto")
    request.signed_in, request.caller = signed, company.by  # type: ignore[attr-defined]
    request.META["CSRF_COOKIE"] = "x" * 32
    lazy = Customer.objects.of(company.id)
    with pytest.raises(QueryInTemplate):
        page(request, "components/table.html", {"slot": lazy, "label": lazy})


def test_a_customer_is_added_with_its_address(company: Company, admin: Client) -> None:
    answer = admin.post("/customers/new", {"name": "Aster", "priority": "high", **ADDRESS})
    shown = admin.get(answer["Location"]).content.decode()
    assert "12 King St, M5H 1A1 Toronto, Canada" in shown
    assert [customer.name for customer in Customer.objects.of(company.id)] == ["Aster"]


def test_errors_stand_beside_their_fields_and_everything_typed_stays(admin: Client) -> None:
    typed = {"name": "", "email": "nonsense", "notes": "Rings <b>only</b>", **ADDRESS}
    answer = admin.post("/customers/new", typed)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name", "email"]
    assert re.search(r'id="f-name"[^>]*aria-invalid="true"[^>]*aria-describedby="e-name', html)
    assert re.search(r'id="f-email"[^>]*value="nonsense"[^>]*aria-invalid="true"', html)
    assert "Rings &lt;b&gt;only&lt;/b&gt;" in html
    assert re.search(r'<option value="CA" selected>', html)
    assert not Customer.objects.exists()


def test_a_form_that_is_sent_twice_makes_one_customer(company: Company, admin: Client) -> None:
    form = {"name": "Aster", "_once": str(new_id()), **ADDRESS}
    first, second = admin.post("/customers/new", form), admin.post("/customers/new", form)
    assert first["Location"] == second["Location"]
    assert second["Idempotent-Replayed"] == "true"
    assert Customer.objects.of(company.id).count() == 1


def test_a_refused_form_can_be_sent_again_under_its_key(company: Company, admin: Client) -> None:
    form = {"name": "", "_once": str(new_id()), **ADDRESS}
    assert admin.post("/customers/new", form).status_code == 422
    assert admin.post("/customers/new", {**form, "name": "Aster"}).status_code == 302


def test_a_dialog_gets_the_content_alone_and_is_told_where_to_go(
    company: Company, admin: Client
) -> None:
    url = f"/customers/{company.customer()}/status"
    asked = {"HX-Request": "true", "HX-Target": "div#dialog-content"}
    html = admin.get(url, headers=asked).content.decode()
    assert ("<html" in html, html.count('id="dialog-title"')) == (False, 1)
    answer = admin.post(url, {"status": "hold_all", "reason": "Unpaid"}, headers=asked)
    assert answer["HX-Redirect"] == url.removesuffix("/status")
    company.enter()
    assert Customer.objects.get().status == "hold_all"


def test_one_address_changes_and_the_others_stay(company: Company, admin: Client) -> None:
    customer_id = company.customer()
    added = {"label": "Dock", "country": "CA", "city": "Toronto", "is_bill_to": "on"}
    admin.post(f"/customers/{customer_id}/addresses/new", {**added, "is_bill_to?": ""})
    company.enter()
    first, second = Customer.objects.get().addresses.order_by("pk")
    url = f"/customers/{customer_id}/addresses/{first.pk}"
    refused = admin.post(url, {"label": "Main", "country": "", "city": "Springfield"})
    assert list(refused.context["form"].errors) == ["country"]
    admin.post(url, {"label": "Head office", "country": "US"})
    company.enter()
    assert [place.label for place in Customer.objects.get().addresses.order_by("pk")] == [
        "Head office",
        "Dock",
    ]
    admin.post(f"/customers/{customer_id}/addresses/{second.pk}", {"remove": "on"})
    company.enter()
    assert [place.label for place in Customer.objects.get().addresses.all()] == ["Head office"]


def test_a_list_is_a_link_in_every_state(company: Company, admin: Client) -> None:
    for number in range(52):
        company.customer(
            name=f"Customer {number:02}", status="hold_all" if number % 2 else "normal"
        )
    held = admin.get("/customers?status=hold_all&q=customer")
    assert len(names(held)) == 26
    first = admin.get("/customers")
    assert names(first) == [f"Customer {number:02}" for number in range(51, 1, -1)]
    second = admin.get(first.context["list"].next_url)
    assert names(second) == ["Customer 01", "Customer 00"]
    assert (second.context["list"].next_url, second.context["list"].first_url) == (
        "",
        "/customers",
    )


def test_a_list_of_more_rows_asks_no_more_questions(
    company: Company, admin: Client, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for count in (1, 3):
        company.customer(name=f"Customer {count}")
        company.customer(name=f"Another {count}")
        with django_assert_max_num_queries(8):
            admin.get("/customers")


def test_an_empty_list_says_what_it_is_for_and_what_to_do(admin: Client) -> None:
    html = admin.get("/customers").content.decode()
    assert "No customers yet" in html
    assert html.count('href="/customers/new"') == 2
    assert "Nothing matches" in admin.get("/customers?q=zzz").content.decode()


def test_a_cursor_of_something_else_is_refused(admin: Client) -> None:
    assert admin.get("/customers?after=nonsense").status_code == 422


def test_a_product_keeps_its_units_and_attributes(company: Company, admin: Client) -> None:
    typed = {
        "name": "Silver Ring",
        "sku": "RING",
        "default_unit": "pcs",
        "base_price": "12,5",
        "units.4.unit": "box",
        "units.4.ratio": "12",
        "attributes.9.name": "color",
        "attributes.9.value": "silver",
        "aliases": "band\r\nhoop",
    }
    url = admin.post("/products/new", typed)["Location"]
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", admin.get(url).content.decode()))
    for words in ("$12.50 per pcs", "1 box 12 pcs", "Color silver", "band, hoop"):
        assert words in shown
    refused = admin.post("/products/new", {**typed, "units.4.ratio": "x"})
    assert list(refused.context["form"].errors) == ["units.0.ratio"]


def test_inventory_is_added_counted_and_moved(company: Company, admin: Client) -> None:
    product = company.product(sku="RING", short_name="RNG")
    answer = admin.post("/inventory/new", {"product_id": str(product), "quantity": "100"})
    url = answer["Location"]
    refused = admin.post(f"{url}/adjust", {"quantity": "98", "weight": "0", "reason": ""})
    assert list(refused.context["form"].errors) == ["reason"]
    admin.post(f"{url}/adjust", {"quantity": "98", "weight": "0", "reason": "Counted"})
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", admin.get(url).content.decode()))
    assert "Counted -2 pcs, then 98 pcs" in shown
    assert "Added +100 pcs, then 100 pcs" in shown


def test_system_terms_can_be_switched_off_but_not_renamed(company: Company, admin: Client) -> None:
    term = PaymentTerm.objects.of(company.id).get(code="NET90")
    url = f"/settings/payment-terms/{term.pk}"
    html = admin.get(url).content.decode()
    assert ('id="f-name"' in html, 'id="f-is_active"' in html) == (False, True)
    admin.post(url, {"is_active?": "", "is_default?": ""})
    company.enter()
    assert PaymentTerm.objects.get(pk=term.pk).is_active is False


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("Viewer", "/customers", 200),
        ("Viewer", "/customers/new", 403),
        ("Viewer", "/settings", 403),
        ("Member", "/customers", 403),
        ("Warehouse", "/inventory/new", 200),
        ("Warehouse", "/products/new", 403),
    ],
)
def test_a_role_sees_what_it_may(
    person: Callable[[str], Client], role: str, path: str, status: int
) -> None:
    assert person(role).get(path).status_code == status


def test_who_may_not_add_is_not_asked_to(person: Callable[[str], Client]) -> None:
    html = person("Viewer").get("/customers").content.decode()
    assert ("/customers/new" in html, "/settings" in html) == (False, False)


def test_a_stranger_sees_nothing(company: Company) -> None:
    customer, product = company.customer(), company.product()
    found_company("Second Works", email="eve@second.example")
    stranger = signed_in("eve@second.example")
    for path in (f"/customers/{customer}", f"/customers/{customer}/edit", f"/products/{product}"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/customers/{customer}/remove").status_code == 404
    assert names(stranger.get("/customers")) == []


def test_an_address_that_no_page_has_says_so(admin: Client) -> None:
    answer = admin.get("/nonsense")
    assert answer.status_code == 404
    assert "There is no page at /nonsense." in answer.content.decode()


def test_lookups_answer_what_fits(company: Company, admin: Client) -> None:
    acme = company.customer(name="Acme")
    company.customer(name="Borealis")
    company.product(sku="RING", units={"box": {"ratio": "12"}})
    assert admin.get("/lookup/customers?q=acm").json() == {
        "data": [{"id": str(acme), "label": "Acme", "hint": "C-Acme, Springfield"}]
    }
    (ring,) = admin.get("/lookup/products?q=rin").json()["data"]
    assert UUID(ring.pop("id"))
    assert ring == {
        "label": "Ring",
        "hint": "RING, 0 pcs available",
        "sku": "RING",
        "unit": "pcs",
        "units": ["pcs", "box"],
        "type": "sale",
        "price": "10",
        "currency": "USD",
    }
