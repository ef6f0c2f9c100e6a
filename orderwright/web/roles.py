"""Roles: what each may do, as a matrix of areas and verbs, and what such a person would see."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from orderwright.activity import records
from orderwright.directory.people import ROLE, RoleRow
from orderwright.identity.caller import Caller
from orderwright.identity.permissions import AREAS, VERBS
from orderwright.web.chrome import NAVIGATION
from orderwright.web.forms import Form, done
from orderwright.web.merging import Meanwhile
from orderwright.web.road import page

URL: Final = "/settings/roles"
AREA_WORDS: Final = {
    "sales_orders": "Sales orders",
    "purchase_orders": "Purchase orders",
    "orders_commercial": "Prices, costs, currency of orders",
    "customers": "Customers",
    "suppliers": "Suppliers",
    "contacts": "Contacts",
    "products": "Products",
    "inventory": "Inventory",
    "picks": "Picks",
    "shipments": "Shipments",
    "production": "Production",
    "invoices": "Invoices",
    "payments": "Payments",
    "discounts": "Prices and discounts",
    "returns": "Returns",
    "reports": "Reports",
    "settings": "Settings",
    "users": "Users, roles, keys",
    "audit": "Audit trail",
    "ai": "Reading text into orders",
}


@dataclass(frozen=True, slots=True)
class Tick:
    """One permission in the grid."""

    code: str
    verb: str
    is_given: bool
    may_give: bool


@dataclass(frozen=True, slots=True)
class GridRow:
    """One area of the grid, with its four verbs."""

    area: str
    words: str
    ticks: list[Tick]


def roles(request: HttpRequest) -> HttpResponse:
    """All roles beside each other: one row for each area, one column for each role."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    rows: list[RoleRow] = list(reversed(records.listed(by=by, kind=ROLE, limit=200)))
    matrix = [(AREA_WORDS[area], [_letters(role, area) for role in rows]) for area in AREAS]
    context = {"roles": rows, "matrix": matrix, "may_add": by.may("users:create")}
    return page(request, "people/roles.html", context)


def add_role(request: HttpRequest) -> HttpResponse:
    """A role of one's own, perhaps a copy of another."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("users:create")
    form = Form.of(_copied(request, by))
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: records.create(by=by, kind=ROLE, sent=_sent(form))):
            return done(request, f"{URL}/{form.result}", "The role is added.")
    return _form(request, form, title="New role")


def role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """What one role may do; roles that came with the system only show it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    row: RoleRow = records.one(by=by, kind=ROLE, record_id=role_id)
    now = {"name": row.name, "permissions": row.permissions, "version": row.version}
    form = Form.of(now, merges=("name", "permissions"))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = _sent(form), form.whole("version")
        if form.accept(
            lambda: records.change(by=by, kind=ROLE, record_id=role_id, sent=sent, version=version),
            meanwhile=lambda: Meanwhile(now, {"name": "Name", "permissions": "Permissions"}),
        ):
            return done(request, f"{URL}/{role_id}", "The role is saved.")
    return _form(request, form, title=row.name, row=row)


@require_POST
def remove_role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """Delete a role that nobody has."""
    records.remove(by=request.caller, kind=ROLE, record_id=role_id)  # type: ignore[attr-defined]
    return done(request, URL, "The role is removed.")


def _form(
    request: HttpRequest, form: Form, *, title: str, row: RoleRow | None = None
) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]
    given = frozenset(form.several("permissions"))
    is_open = row is None or not row.is_system
    context = {
        "form": form,
        "title": title,
        "row": row,
        "is_open": is_open and by.may("users:update" if row else "users:create"),
        "may_copy": row is not None and by.may("users:create"),
        "may_remove": row is not None and not row.is_system and by.may("users:delete"),
        "grid": _grid(by, given),
        "verbs": [verb.capitalize() for verb in VERBS.values()],
        "navigation_seen": _seen(given),
    }
    return page(request, "people/role.html", context, status=form.status)


def _sent(form: Form) -> dict[str, Any]:
    """A permission to change something comes with reading it: nobody changes what they cannot
    see."""
    chosen = set(form.several("permissions"))
    chosen |= {f"{code.partition(':')[0]}:read" for code in chosen}
    return {"name": form.text("name"), "permissions": sorted(chosen)}


def _copied(request: HttpRequest, by: Caller) -> dict[str, Any]:
    try:
        wanted = UUID(request.GET.get("from", ""))
    except ValueError:
        return {}
    row: RoleRow = records.one(by=by, kind=ROLE, record_id=wanted)
    return {"name": f"{row.name} (copy)", "permissions": row.permissions}


def _grid(by: Caller, given: frozenset[str]) -> list[GridRow]:
    return [
        GridRow(
            area=area,
            words=AREA_WORDS[area],
            ticks=[
                Tick(code, verb.capitalize(), code in given, by.may(code))
                for verb in VERBS.values()
                for code in [f"{area}:{verb}"]
            ],
        )
        for area in AREAS
    ]


def _letters(role: RoleRow, area: str) -> str:
    held = set(role.permissions)
    return "".join(letter for letter, verb in VERBS.items() if f"{area}:{verb}" in held)


def _seen(given: frozenset[str]) -> list[tuple[str, list[str]]]:
    """What the sidebar of somebody with these permissions shows."""
    sections = [
        (heading, [one.text for one in destinations if one.permission in given])
        for heading, destinations in NAVIGATION
    ]
    return [(heading, texts) for heading, texts in sections if texts]
