"""Whoever asks for a record of another organization learns nothing, not even that it exists."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern

from orderwright.activity.models import Event, SavedView
from orderwright.web.urls import urlpatterns
from tests.access.world import World, full_organization, operations
from tests.company import PASSWORD, Answer

pytestmark = pytest.mark.django_db

# Sound bodies; every other operation is sent an empty object.
BODIES: dict[str, dict[str, Any]] = {
    "PATCH /sales-orders/{reference}": {"internal_note": "seen"},
    "DELETE /sales-orders/{reference}": {"confirm_number": "SO-00001"},
    "POST /sales-orders/{reference}/actions/hold": {"reason": "wait"},
    "PATCH /sales-orders/{reference}/lines/{line_id}": {"quantity": "9"},
    "POST /shipments/{reference}/tracking-events": {"status": "delivered"},
    "PATCH /shipments/{reference}": {"note": "seen"},
    "POST /lots/{ref}/actions/adjust": {"quantity": "1", "reason": "counted"},
    "PATCH /customers/{record_id}": {"name": "Mine"},
}
GARBAGE: tuple[Any, ...] = ({}, [], {"lines": 5, "line_ids": "x", "status": [], "version": "no"})


def two_worlds() -> tuple[World, World]:
    """Two full organizations; the database shows the first one."""
    theirs = full_organization("Theirs", "bo@theirs.example")
    mine = full_organization("Mine", "ada@mine.example")
    return mine, theirs


def sent_bodies(name: str, refers: dict[str, str]) -> list[Any]:
    """What is tried at an operation: a sound body, one full of references, and garbage."""
    lines = [{"line_id": refers["line_id"], "lots": [{"lot_id": refers["lot_id"], "quantity": 1}]}]
    referring = {
        **refers,
        "lines": lines,
        "line_ids": [refers["line_id"]],
        "selection_ids": [refers["selection_id"]],
        "quantity": "1",
        "reason": "x",
        "rows": [{"product_id": refers["product_id"], "quantity": 1}],
    }
    return [BODIES.get(name, {}), referring, *GARBAGE]


def test_every_operation_answers_404_for_records_of_others() -> None:
    mine, theirs = two_worlds()
    told = []
    for operation in operations():
        if "{" not in operation.path or operation.is_public:
            continue
        paths = {operation.at(theirs.ids)}
        if operation.path.startswith(("/lots", "/shipments")):
            continue_with = {**theirs.ids, **unknown_numbers()}
            paths.add(operation.at(continue_with))
        for path in paths:
            for body in sent_bodies(str(operation), mine.refers):
                answer = send(mine, operation.method, path, body)
                if (answer.status, answer.body["code"]) != (404, "not_found"):
                    told.append((str(operation), body, answer.status, answer.body["code"]))
                if operation.method == "get":
                    break
    assert told == []


def unknown_numbers() -> dict[str, str]:
    return {"lots": "NOBODY0001", "shipments": "SO-99999"}


def send(world: World, method: str, path: str, body: Any) -> Answer:
    if method == "get":
        return world.api.get(path)
    return getattr(world.api, method)(path, body)


def test_the_line_of_another_order_of_ours_is_not_on_this_order() -> None:
    mine, theirs = two_worlds()
    for line in (theirs.ids["{line_id}"], "no-id", mine.ids["products"]):
        at = f"/sales-orders/{mine.ids['sales-orders']}/lines/{line}"
        for answer in (mine.api.patch(at, {"quantity": []}), mine.api.delete(at)):
            assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_lists_show_our_own_records_only() -> None:
    mine, theirs = two_worlds()
    seen = set()
    for operation in operations():
        if operation.method == "get" and "{" not in operation.path:
            answer = mine.api.get(operation.path)
            assert answer.status == 200
            for foreign in {*theirs.ids.values(), *theirs.refers.values()}:
                assert foreign not in str(answer.body), operation.path
            seen.add(operation.path)
    assert {"/sales-orders", "/shipments", "/customers", "/lots", "/events"} <= seen


@pytest.mark.parametrize("name", ["customer_id", "order_lead_id", "payment_term_id", "carrier_id"])
def test_an_order_cannot_refer_to_records_of_others(name: str) -> None:
    mine, theirs = two_worlds()
    body = {
        "customer_id": mine.refers["customer_id"],
        "order_lead_id": mine.refers["order_lead_id"],
        "accept_terms": True,
        "lines": [{"product_id": mine.refers["product_id"], "quantity": "1"}],
        name: theirs.refers[name],
    }
    answer = mine.api.post("/sales-orders", body)
    assert (answer.status, list(answer.body["fields"])) == (422, [name])
    changed = mine.api.patch(f"/sales-orders/{new_estimate(mine)}", {name: theirs.refers[name]})
    assert (changed.status, list(changed.body["fields"])) == (422, [name])


def new_estimate(world: World) -> str:
    body = {
        "customer_id": world.refers["customer_id"],
        "order_lead_id": world.refers["order_lead_id"],
        "accept_terms": True,
        "lines": [{"product_id": world.refers["product_id"], "quantity": "1"}],
    }
    return str(world.api.post("/sales-orders", body).body["id"])


@pytest.mark.parametrize(
    ("action", "body", "field"),
    [
        ("cancel-lines", {"line_ids": ["line_id"]}, "line_ids.0"),
        ("auto-select", {"line_ids": ["line_id"]}, "line_ids.0"),
        ("release-inventory", {"selection_ids": ["selection_id"]}, "selection_ids.0"),
        ("select-inventory", {"lines": [{"line_id": "line_id"}]}, "lines.0.line_id"),
    ],
)
def test_an_action_cannot_refer_to_records_of_others(
    action: str, body: dict[str, Any], field: str
) -> None:
    mine, theirs = two_worlds()
    filled = _filled(body, theirs.refers)
    answer = mine.api.post(f"/sales-orders/{mine.ids['sales-orders']}/actions/{action}", filled)
    assert (answer.status, list(answer.body["fields"])) == (422, [field])


def _filled(value: Any, refers: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(held, refers) for name, held in value.items()}
    if isinstance(value, list):
        return [_filled(held, refers) for held in value]
    return refers.get(value, value)


def test_every_page_answers_404_for_records_of_others() -> None:
    mine, theirs = two_worlds()
    add_what_pages_make(theirs)
    browser = add_what_pages_make(mine)
    told, unreached = [], []
    for pattern in _pages_about_something():
        route = str(pattern.pattern)
        path = _at(route, theirs.ids)
        answers = (browser.get(f"/{path}"), browser.post(f"/{path}", {"name": "Mine"}))
        told += [(route, one.status_code) for one in answers if one.status_code not in (404, 405)]
        if browser.get(f"/{_at(route, mine.ids)}").status_code == 404:
            unreached.append(route)
    assert told == []
    assert unreached == WITHOUT_A_RECORD


def settled_part(world: World) -> str:
    """The payment settles a part of the invoice; answers the allocation."""
    invoice = world.ids["invoices"]
    assert world.api.post(f"/invoices/{invoice}/actions/finalise").status == 200
    part = {"allocations": [{"invoice_id": invoice, "amount": "1"}]}
    settled = world.api.post(f"/payments/{world.ids['payments']}/actions/allocate", part)
    assert settled.status == 200, settled.body
    found: str = settled.body["allocations"][0]["id"]
    return found


def add_what_pages_make(world: World) -> Client:
    """What pages alone show by its id: an event, a view of a list, drafts of new orders.

    Answers the founder's browser.
    """
    browser = Client()
    signed = browser.post("/sign-in", {"email": world.company.email, "password": PASSWORD})
    assert signed.status_code == 302
    world.ids["{allocation_id}"] = settled_part(world)
    lead = {"order_lead_id": world.refers["order_lead_id"], "notes": "4 gem"}
    for kind, other in (("sales", "customer"), ("purchase", "supplier")):
        asked = {**lead, f"{other}_id": world.ids[f"{other}s"]}
        draft = browser.post(f"/orders/{kind}/new", asked)["Location"]
        world.ids[f"{kind}-drafts"] = next(part for part in draft.split("/") if len(part) == 36)
    browser.post("/lists/customers/views/new", {"name": "Ours", "query": "", "is_shared": "on"})
    world.company.enter()
    world.ids["events"] = str(Event.objects.of(world.company.id).order_by("pk")[0].pk)
    world.ids["views"] = str(SavedView.objects.of(world.company.id).get().pk)
    return browser


def _pages_about_something() -> list[URLPattern]:
    return [
        pattern
        for pattern in urlpatterns
        if pattern.pattern.converters and "anything" not in str(pattern.pattern)
    ]


# What is not about a record of an organization (a kind of list, of report, of import), or is known
# by a secret that is the right to it.
WITHOUT_A_RECORD = [
    "settings/emails/<slug:key>",
    "imports/template/<str:kind>.csv",
    "join/<str:secret>",
    "reset/<str:secret>",
    "reports/<slug:key>.csv",
    "reports/<slug:key>",
    "lists/<slug:key>/export.<str:kind>",
    "lists/<slug:key>/columns",
    "lists/<slug:key>/filters",
    "lists/<slug:key>/views/new",
]
# Pages stand at other words than the API's collections.
PAGES = {
    "orders/sales/new": "sales-drafts",
    "orders/purchase/new": "purchase-drafts",
    "orders/sales": "sales-orders",
    "orders/purchase": "purchase-orders",
    "suppliers": "suppliers",
    "production/jobs": "production-jobs",
    "production/runs": "production-runs",
    "inventory": "lots",
    "picks": "picks",
    "shipments": "shipments",
    "products": "products",
    "customers": "customers",
    "staff": "staff",
    "settings/webhooks": "webhook-endpoints",
    "audit": "events",
    "views": "views",
}


def _at(route: str, ids: dict[str, str]) -> str:
    known = next((ids[name] for start, name in PAGES.items() if route.startswith(start)), None)
    last = known or next(
        (ids[name] for name in ids if f"/{name}/" in f"/{route}"), ids["sales-orders"]
    )
    line = ids["{bought_line_id}" if route.startswith("orders/purchase") else "{line_id}"]
    own = {
        "line_id": line,
        "receipt_id": ids["{receipt_id}"],
        "task_id": ids["{task_id}"],
        "delivery_id": ids["{delivery_id}"],
        "allocation_id": ids["{allocation_id}"],
        "number": "1",
    }
    parts = [
        next((own[name] for name in own if name in part), last) if part.startswith("<") else part
        for part in route.split("/")
    ]
    return "/".join(parts)


def test_nothing_of_another_organization_was_changed_or_recorded() -> None:
    mine, theirs = two_worlds()
    theirs.company.enter()
    before = Event.objects.of(theirs.company.id).count()
    mine.company.enter()
    mine.api.patch(f"/customers/{theirs.ids['customers']}", {"name": "Mine"})
    mine.api.post(f"/sales-orders/{theirs.ids['sales-orders']}/actions/hold", {"reason": "x"})
    theirs.company.enter()
    assert Event.objects.of(theirs.company.id).count() == before


def test_without_an_organization_the_database_shows_no_rows() -> None:
    full_organization("Mine", "ada@mine.example")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization', '', true)")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        tables = [row[0] for row in cursor.fetchall()]
        shown = []
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM {table}")
            shown += [table for (count,) in cursor.fetchall() if count]
    assert len(tables) > 30
    assert shown == []
