"""What every page shows around its content: who is signed in, and where they may go."""

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest

from orderwright.identity.queries import SignedIn

THEMES: Final = ("light", "dark", "auto")


@dataclass(frozen=True, slots=True)
class Destination:
    """A link of the sidebar; shown to those who hold the permission, to all without one."""

    text: str
    url: str
    icon: str
    permission: str


NAVIGATION: Final[tuple[tuple[str, tuple[Destination, ...]], ...]] = (
    ("", (Destination("Dashboard", "/", "layout-dashboard", ""),)),
    (
        "Orders",
        (
            Destination("Sales Orders", "/orders/sales", "file-text", "sales_orders:read"),
            Destination(
                "Purchase Orders", "/orders/purchase", "shopping-cart", "purchase_orders:read"
            ),
            Destination("Returns", "/returns", "truck-return", "returns:read"),
        ),
    ),
    (
        "Warehouse",
        (
            Destination("Picks", "/picks", "clipboard-list", "picks:read"),
            Destination("Shipments", "/shipments", "truck", "shipments:read"),
            Destination("Inventory", "/inventory", "building-warehouse", "inventory:read"),
        ),
    ),
    (
        "Production",
        (
            Destination("Jobs", "/production/jobs", "tool", "production:read"),
            Destination("Runs", "/production/runs", "stack-2", "production:read"),
        ),
    ),
    (
        "Invoicing",
        (
            Destination("Invoices", "/invoices", "file-invoice", "invoices:read"),
            Destination("Payments", "/payments", "cash", "payments:read"),
            Destination("Receivables", "/receivables", "report-money", "payments:read"),
        ),
    ),
    ("Catalog", (Destination("Products", "/products", "tag", "products:read"),)),
    (
        "Pricing",
        (
            Destination("Customer prices", "/pricing/customer-prices", "tags", "discounts:read"),
            Destination(
                "Volume discounts", "/pricing/volume-discounts", "percentage", "discounts:read"
            ),
            Destination("Discount codes", "/pricing/discount-codes", "discount", "discounts:read"),
            Destination("Price checker", "/pricing/checker", "zoom-in", "orders_commercial:read"),
        ),
    ),
    (
        "People",
        (
            Destination("Customers", "/customers", "users", "customers:read"),
            Destination("Suppliers", "/suppliers", "building-store", "suppliers:read"),
            Destination("Staff", "/staff", "id-badge-2", "sales_orders:read"),
        ),
    ),
    (
        "Organization",
        (
            Destination("Reports", "/reports", "chart-bar", "reports:read"),
            Destination("Audit trail", "/audit", "history", "audit:read"),
            Destination("Settings", "/settings", "settings", "settings:read"),
        ),
    ),
)


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of the base layout."""
    signed_in: SignedIn | None = getattr(request, "signed_in", None)
    in_dialog = request.headers.get("HX-Target", "").endswith("#dialog-content")
    return {
        "signed_in": signed_in,
        "by": signed_in and signed_in.caller,
        "navigation": _navigation(request.path, signed_in),
        "theme": _theme(request, signed_in),
        "layout": "dialog.html" if in_dialog else "base.html",
        "in_dialog": in_dialog,
    }


def _navigation(path: str, signed_in: SignedIn | None) -> list[dict[str, Any]]:
    if signed_in is None:
        return []
    sections = []
    for heading, destinations in NAVIGATION:
        links = [
            {
                "to": destination,
                "is_here": path == destination.url or path.startswith(f"{destination.url}/"),
            }
            for destination in destinations
            if not destination.permission or signed_in.caller.may(destination.permission)
        ]
        if links:
            sections.append({"heading": heading, "links": links})
    return sections


def _theme(request: HttpRequest, signed_in: SignedIn | None) -> str:
    chosen = request.COOKIES.get("theme") or (signed_in.theme if signed_in else "auto")
    return chosen if chosen in THEMES else "auto"
