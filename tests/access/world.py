"""A full organization: one of each record, and every operation of the API that reaches them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from orderwright.activity.models import Event
from orderwright.api.root import api as the_api
from orderwright.documents import outbox
from orderwright.importing import actions as importing
from orderwright.notifications import telling
from orderwright.notifications.models import Notification
from tests.api.test_setup_records import bodies
from tests.company import Api, Company, found_company

NOBODY: Final = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the API; `path` with its parameters in braces."""

    method: str
    path: str
    is_public: bool

    def at(self, ids: dict[str, str]) -> str:
        """The path to one record: `ids` by the first part of the path, lines as `line_id`."""
        first = self.path.split("/")[1]
        parts = [
            ids.get(part, ids[first])
            if part in ("{line_id}", "{task_id}", "{delivery_id}")
            else ids[first]
            if part.startswith("{")
            else part
            for part in self.path.split("/")
        ]
        return "/".join(parts)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"


@dataclass(frozen=True, slots=True)
class World:
    """A company with one of each record; `ids` by the collection that it stands in."""

    company: Company
    api: Api
    ids: dict[str, str]
    numbers: dict[str, str]
    refers: dict[str, str]


def operations() -> list[Operation]:
    """Every operation, from the documentation of the API."""
    return list(_operations())


def _operations() -> Iterator[Operation]:
    for path, methods in the_api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            public = operation.get("security") == []
            yield Operation(method, path.removeprefix("/api/v1"), public)


def full_organization(name: str, email: str) -> World:
    """Found a company and make one of each record over HTTP."""
    company = found_company(name, email=email)
    api = company.api()
    ids = {
        path.removeprefix("/"): made(api, path, body)["id"]
        for path, body in bodies(company).items()
    }
    hook = made(api, "/webhook-endpoints", {"url": "https://hooks.example.com/x"})
    ids["webhook-endpoints"] = hook["id"]
    test = api.post(f"/webhook-endpoints/{hook['id']}/actions/test").body
    ids["{delivery_id}"] = test["id"]
    ids["email-templates"] = "nonsense"  # kinds of e-mails are the same for everybody
    ids["api-keys"] = made(api, "/api-keys", {"name": "Shop", "role": "Sales"})["id"]
    customer = str(company.customer(name="Acme"))
    ids["customers"] = customer
    product = ids["products"]
    lot = made(api, "/lots", {"product_id": product, "quantity": "100", "weight": "20"})
    ids["lots"] = lot["id"]
    order = made(api, "/sales-orders", order_of(company, customer, product))
    ids["sales-orders"] = order["id"]
    urgent = {"action": "set-priority", "ids": [order["id"]], "body": {"priority": "low"}}
    ids["bulk-runs"] = made(api, "/sales-orders/actions/bulk", urgent)["id"]
    ids["reports"] = "of-nothing"
    ids["{line_id}"] = order["lines"][0]["id"]
    ids["{task_id}"] = made(api, f"/sales-orders/{order['id']}/tasks", {"title": "Call"})["id"]
    at = f"/sales-orders/{order['number']}/actions"
    assert api.post(f"{at}/issue").status == 200
    asked = {"line_id": ids["{line_id}"], "selections": [{"lot_id": lot["id"], "quantity": "4"}]}
    assert api.post(f"{at}/select-inventory", {"lines": [asked]}).status == 200
    (selection,) = api.get(f"/sales-orders/{order['id']}/selections").body["data"]
    part = {"selection_id": selection["id"], "quantity": "1"}
    parcel = {
        "carrier_id": str(company.carrier_id),
        "tracking_number": "1Z1",
        "lines": [{"line_id": ids["{line_id}"], "selections": [part]}],
    }
    shipment = made(api, f"/sales-orders/{order['id']}/actions/create-shipment", parcel)
    ids["shipments"] = shipment["id"]
    (pick,) = api.get("/picks", order_id=order["id"]).body["data"]
    ids["picks"] = pick["id"]
    back = {"line_id": ids["{line_id}"], "quantity": "1"}
    sent_back = {"order_id": order["id"], "lines": [back], "reason": "broken"}
    ids["returns"] = made(api, "/returns", sent_back)["id"]
    invoice = made(api, f"/sales-orders/{order['id']}/actions/create-invoice", {})
    ids["invoices"] = invoice["id"]
    paid = {"customer_id": customer, "amount": "5", "method": "wire"}
    ids["payments"] = made(api, "/payments", paid)["id"]
    ids |= _bought_and_made(company, api, ids, lot["id"])
    ids["extractions"] = made(api, "/extractions", {"notes": "4 gem", "customer_id": customer})[
        "id"
    ]
    with transaction.atomic():
        company.enter()
        ids["emails"] = str(
            outbox.queue(
                company.by,
                effect_key="told",
                topic_id=UUID(order["id"]),
                template="shipment_notice",
                recipients=["bo@acme.example"],
                subject="On its way",
                text="It left.",
            ).pk
        )
        ids["imports"] = str(
            importing.upload_import(
                by=company.by, kind="products", file_name="p.csv", content=b"sku,name\nA,A\n"
            )
        )
    ids["notifications"] = notification_of(company, order["id"])
    refers = {
        "customer_id": customer,
        "product_id": product,
        "line_id": ids["{line_id}"],
        "lot_id": lot["id"],
        "selection_id": selection["id"],
        "order_lead_id": str(company.lead_id),
        "sales_rep_id": str(company.lead_id),
        "payment_term_id": str(company.payment_term_id),
        "shipping_term_id": str(company.shipping_term_id),
        "carrier_id": str(company.carrier_id),
        "location_id": str(company.location_id),
    }
    numbers = {
        "sales-orders": order["number"],
        "shipments": shipment["number"],
        "picks": pick["number"],
        "lots": lot["tag_id"],
    }
    return World(company, api, ids, numbers, refers)


def notification_of(company: Company, order_id: str) -> str:
    """What the founder, who leads the order, was told when it was issued."""
    with transaction.atomic():
        company.enter()
        issued = Event.objects.of(company.id).get(type="sales_order.issued", subject_id=order_id)
        told = telling.tell_of_event(by=company.by, event_id=issued.pk, mail=lambda ids: None)
        assert told == 1
        return str(Notification.objects.of(company.id).get(occasion=issued.pk).pk)


def _bought_and_made(company: Company, api: Api, ids: dict[str, str], lot: str) -> dict[str, str]:
    """A purchase order with a receipt, a job with material and output, and a run."""
    product = ids["products"]
    wanted = {
        "supplier_id": ids["suppliers"],
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": product, "quantity": "10"}],
    }
    bought = made(api, "/purchase-orders", wanted)
    at = f"/purchase-orders/{bought['id']}/actions"
    assert api.post(f"{at}/issue").status == 200
    arrived = {"line_id": bought["lines"][0]["id"], "quantity": "4"}
    receipt = made(api, f"{at}/receive", {"lines": [arrived]})
    ring = made(
        api,
        "/products",
        {"sku": "RING", "name": "Ring", "is_manufactured": True, "base_price": "9"},
    )["id"]
    order = made(api, "/sales-orders", order_of(company, ids["customers"], ring))
    run = made(
        api,
        f"/sales-orders/{order['id']}/actions/create-production-run",
        {"stage_id": ids["stages"]},
    )
    (job,) = api.get("/production-jobs").body["data"]
    at = f"/production-jobs/{job['id']}/actions"
    material = {"inputs": [{"lot_id": lot, "quantity": "2", "weight": "1"}]}
    given = api.post(f"{at}/issue-material", material)
    assert given.status in (200, 201), given.body
    return {
        "purchase-orders": bought["id"],
        "{bought_line_id}": bought["lines"][0]["id"],
        "{receipt_id}": receipt["id"],
        "production-jobs": job["id"],
        "production-runs": run["id"],
    }


def order_of(company: Company, customer: str, product: str) -> dict[str, Any]:
    """A sound order of ten pieces."""
    return {
        "customer_id": customer,
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": product, "quantity": "10"}],
    }


def made(api: Api, path: str, body: dict[str, Any]) -> Any:
    """The record that was created."""
    answer = api.post(path, body)
    assert answer.status == 201, (path, answer.body)
    return answer.body
