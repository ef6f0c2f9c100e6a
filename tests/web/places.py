"""Every page of the product, with the data to open it: shared by the tests that walk all pages.

A new page needs nothing here when it stands under an address that is known and asks for one
record. Otherwise `PARAMETERS` says what its address is filled with.
"""

import re
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.test import Client
from django.urls import URLPattern

from orderwright.activity.models import Event, SavedView
from orderwright.web.urls import urlpatterns
from tests.access.world import World, full_organization, made, order_of
from tests.company import PASSWORD
from tests.web.test_joining import links, run_jobs

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_ORDER: Final = "orders/sales/<str:reference>/"

# What the parameters of an address are filled with, by how the address starts; longest first.
# A word in braces is a key of `World.ids`; anything else stands as it is.
PARAMETERS: Final[dict[str, dict[str, str]]] = {
    "imports/template/": {"kind": "products"},
    "imports/": {"import_id": "{imports}"},
    "join/": {"secret": "{invitation}"},
    "reset/": {"secret": "{reset}"},
    "settings/users/": {"user_id": "{users}"},
    "settings/roles/": {"role_id": "{roles}"},
    "settings/api-keys/": {"key_id": "{api-keys}"},
    "settings/webhooks/": {
        "endpoint_id": "{webhook-endpoints}",
        "delivery_id": "{{delivery_id}}",
    },
    "audit/": {"event_id": "{events}"},
    "emails/": {"email_id": "{emails}"},
    "settings/emails/": {"key": "statement"},
    "orders/sales/new/": {"draft_id": "{drafts}", "number": "1"},
    "orders/sales/": {
        "reference": "{sales-orders}",
        "line_id": "{{line_id}}",
        "task_id": "{{task_id}}",
    },
    f"{_ORDER}issue": {"reference": "{estimate}"},
    f"{_ORDER}reprice": {"reference": "{estimate}"},
    f"{_ORDER}apply-freight": {"reference": "{estimate}"},
    f"{_ORDER}restore-lines": {"reference": "{estimate}"},
    f"{_ORDER}unissue": {"reference": "{untouched}"},
    f"{_ORDER}release-hold": {"reference": "{held}"},
    f"{_ORDER}reopen": {"reference": "{short-closed}"},
    f"{_ORDER}close": {"reference": "{fulfilled}"},
    f"{_ORDER}finish-correction": {"reference": "{reopened}"},
    "payments/": {"reference": "{payments}", "allocation_id": "{allocations}"},
    "invoices/": {"reference": "{invoices}"},
    "invoices/<str:reference>/": {"reference": "{final-invoice}"},
    "invoices/<str:reference>/edit": {"reference": "{invoices}"},
    "invoices/<str:reference>/finalise": {"reference": "{invoices}"},
    "picks/": {"reference": "{picks}", "line_id": "{pick-lines}"},
    "shipments/": {"reference": "{shipments}"},
    "inventory/": {"ref": "{lots}", "lot_id": "{lots}"},
    "lists/": {"key": "sales-orders", "kind": "csv", "name": "hold"},
    "orders/purchase/": {"reference": "{purchase-orders}", "line_id": "{bought-lines}"},
    "orders/purchase/new/": {"draft_id": "{purchase-drafts}", "number": "1"},
    "orders/purchase/<str:reference>/receipts/": {"receipt_id": "{receipts}"},
    "production/jobs/": {"reference": "{production-jobs}"},
    "production/runs/": {"reference": "{production-runs}"},
    f"{_ORDER}return": {"reference": "{fulfilled}"},
    "returns/": {"reference": "{returns}"},
    "returns/<str:reference>/close": {"reference": "{received}"},
    "notifications/": {"notification_id": "{notifications}"},
    "reports/": {"key": "stock-summary"},
    "suppliers/": {"supplier_id": "{suppliers}"},
    "settings/stages/": {"record_id": "{stages}"},
    "views/": {"view_id": "{views}"},
    "bulk-runs/": {"run_id": "{bulk-runs}"},
    "pricing/customer-prices/": {"record_id": "{customer-prices}"},
    "pricing/discount-codes/": {"record_id": "{discount-codes}"},
    "pricing/volume-discounts/": {"record_id": "{volume-discounts}"},
    "settings/carriers/": {"record_id": "{carriers}"},
    "settings/customer-groups/": {"record_id": "{customer-groups}"},
    "settings/locations/": {"record_id": "{locations}"},
    "settings/payment-terms/": {"record_id": "{payment-terms}"},
    "settings/product-categories/": {"record_id": "{product-categories}"},
    "settings/product-lines/": {"record_id": "{product-lines}"},
    "settings/shipping-terms/": {"record_id": "{shipping-terms}"},
    "staff/": {"record_id": "{staff}"},
    "products/": {"product_id": "{products}"},
    "customers/": {"customer_id": "{customers}"},
    "customers/<uuid:customer_id>/addresses/": {"row_id": "{addresses}"},
    "customers/<uuid:customer_id>/contacts/": {"row_id": "{contacts}"},
    "account/second-factor/": {"factor_id": "{users}"},
    "account/sessions/": {"session_id": "{users}"},
}


@dataclass(frozen=True, slots=True)
class Places:
    """A company with one of everything, and the way to each of its pages."""

    world: World

    def at(self, route: str) -> str:
        """The address of a page. Fails with what to add when it asks for something unknown."""
        known: dict[str, str] = {}
        for start in sorted(PARAMETERS, key=len):
            if route.startswith(start):
                known |= PARAMETERS[start]

        def value(match: re.Match[str]) -> str:
            name = match[1]
            assert name in known, (
                f"Nothing is known for <{name}> of the page {route!r}: make one in "
                f"tests/access/world.py or places.open_places, and name it in places.PARAMETERS."
            )
            held = known[name]
            return self.world.ids[held[1:-1]] if held.startswith("{") else held

        return "/" + _PARAMETER.sub(value, route)


def routes() -> list[str]:
    """Every page's address as it is declared, but for the one of all that there is not."""
    told = []
    for one in urlpatterns:
        assert isinstance(one, URLPattern)
        if "<path:" not in str(one.pattern):
            told.append(str(one.pattern))
    return told


def open_places() -> Places:
    """Fill a company with one of everything that a page can show."""
    world = full_organization("Mine", "ada@mine.example")
    browser = signed_in(world)
    customer = world.ids["customers"]
    person = {"first_name": "Bea", "last_name": "Moss", "email": "bea@acme.example"}
    browser.post(f"/customers/{customer}/contacts/new", person)
    lead = str(world.company.lead_id)
    asked = {"customer_id": customer, "order_lead_id": lead, "notes": "4 gem"}
    draft = browser.post("/orders/sales/new", asked)["Location"]
    world.ids["drafts"] = next(part for part in draft.split("/") if len(part) == 36)
    asked = {"supplier_id": world.ids["suppliers"], "order_lead_id": lead}
    draft = browser.post("/orders/purchase/new", asked)["Location"]
    world.ids["purchase-drafts"] = next(part for part in draft.split("/") if len(part) == 36)
    at = f"/purchase-orders/{world.ids['purchase-orders']}"
    world.ids["bought-lines"] = world.api.get(at).body["lines"][0]["id"]
    receipts = world.api.get(f"{at}/receipts").body["data"]
    world.ids["receipts"] = receipts[0]["id"] if receipts else world.ids["users"]
    browser.post("/lists/sales-orders/views/new", {"name": "Urgent", "query": "priority=high"})
    held = world.api.get(f"/customers/{customer}").body
    world.ids["addresses"] = held["addresses"][0]["id"]
    world.ids["contacts"] = held["contacts"][0]["id"]
    pick = world.api.get(f"/picks/{world.ids['picks']}").body
    world.ids["pick-lines"] = pick["lines"][0]["id"]
    with transaction.atomic():
        world.company.enter()
        world.ids["events"] = str(Event.objects.of(world.company.id).order_by("pk")[0].pk)
        world.ids["views"] = str(SavedView.objects.of(world.company.id).get().pk)
    world.ids.update(orders_in_every_state(world))
    world.ids["final-invoice"] = final_invoice(world)
    world.ids["allocations"] = settled_part(world)
    assert world.api.post("/users", {"email": "di@works.example", "role": "Sales"}).status == 201
    Client().post("/reset", {"email": world.company.email})
    run_jobs("directory.send_invitation", "directory.look_for_logins")
    run_jobs("directory.send_password_link")
    world.ids["invitation"] = links("join")[-1].rpartition("/")[2]
    world.ids["reset"] = links("reset")[-1].rpartition("/")[2]
    return Places(world)


def orders_in_every_state(world: World) -> dict[str, str]:
    """An order for each action that only some state allows."""
    told: dict[str, str] = {}
    steps: dict[str, tuple[str, ...]] = {
        "estimate": ("cancel-lines",),
        "untouched": ("issue",),
        "held": ("issue", "hold"),
        "short-closed": ("issue", "ship", "short-close"),
        "fulfilled": ("issue", "ship", "short-close"),
        "reopened": ("issue", "ship", "short-close", "reopen"),
        "returned": ("issue", "ship", "short-close"),
    }
    for name, verbs in steps.items():
        body = order_of(world.company, world.ids["customers"], world.ids["products"])
        order = made(world.api, "/sales-orders", {**body, "lines": body["lines"] * 2})
        for verb in verbs:
            if verb == "ship":
                ship_one(world, order)
                continue
            lines = {"line_ids": [order["lines"][0]["id"]]} if verb == "cancel-lines" else {}
            at = f"/sales-orders/{order['id']}/actions/{verb}"
            answer = world.api.post(at, {"reason": "A reason", **lines})
            assert answer.status == 200, (name, verb, answer.body)
        told[name] = order["id"]
        if name == "returned":
            told["received"] = received_of(world, order)
    return told


def received_of(world: World, order: Any) -> str:
    """A return of the order whose goods have arrived."""
    goods = [{"line_id": order["lines"][0]["id"], "quantity": "1"}]
    sent = {"order_id": order["id"], "reason": "Too small", "lines": goods}
    back = made(world.api, "/returns", sent)
    assert world.api.post(f"/returns/{back['id']}/actions/receive").status == 200
    return str(back["id"])


def settled_part(world: World) -> str:
    """An invoice of which the payment that a page shows settles a part; answers the allocation."""
    at = f"/sales-orders/{world.ids['fulfilled']}/actions/create-invoice"
    invoice = made(world.api, at, {})["id"]
    assert world.api.post(f"/invoices/{invoice}/actions/finalise").status == 200
    part = {"allocations": [{"invoice_id": invoice, "amount": "1"}]}
    answer = world.api.post(f"/payments/{world.ids['payments']}/actions/allocate", part)
    assert answer.status == 200, answer.body
    found: str = answer.body["allocations"][0]["id"]
    return found


def final_invoice(world: World) -> str:
    """An invoice that is sent, paid, reminded of and voided."""
    at = f"/sales-orders/{world.ids['short-closed']}/actions/create-invoice"
    invoice: str = made(world.api, at, {})["id"]
    assert world.api.post(f"/invoices/{invoice}/actions/finalise").status == 200
    return invoice


def signed_in(world: World) -> Client:
    """The founder's browser."""
    browser = Client()
    sent = {"email": world.company.email, "password": PASSWORD}
    assert browser.post("/sign-in", sent).status_code == 302
    assert browser.post("/sign-in/again", {"password": PASSWORD}).status_code == 302
    return browser


def ship_one(world: World, order: Any) -> None:
    """Ship one piece of the first line of an order."""
    line, at = order["lines"][0]["id"], f"/sales-orders/{order['id']}"
    lot = {"lot_id": world.ids["lots"], "quantity": "1"}
    taken = {"lines": [{"line_id": line, "selections": [lot]}]}
    assert world.api.post(f"{at}/actions/select-inventory", taken).status == 200
    (selection,) = world.api.get(f"{at}/selections").body["data"]
    part = {"selection_id": selection["id"], "quantity": "1"}
    parcel = {
        "carrier_id": str(world.company.carrier_id),
        "tracking_number": f"1Z-{order['number']}",
        "lines": [{"line_id": line, "selections": [part]}],
    }
    made(world.api, f"{at}/actions/create-shipment", parcel)
