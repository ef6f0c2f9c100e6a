"""Search: its page, and what the command palette shows while somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.reporting.search import NAMES, Hit, search
from orderwright.web.road import page

IN_PALETTE: Final = 5
ON_PAGE: Final = 20


@dataclass(frozen=True, slots=True)
class Look:
    """How a kind of record stands in results: heading, icon, address and the axis of its status.

    `by_label` addresses carry the number instead of the id; `address` has a place for either.
    """

    heading: str
    icon: str
    address: str
    axis: str
    by_label: bool = False


LOOKS: Final[dict[str, Look]] = {
    "order": Look("Sales orders", "file-text", "/orders/sales/{}", "fulfillment", by_label=True),
    "customer": Look("Customers", "users", "/customers/{}", "customer"),
    "product": Look("Products", "tag", "/products/{}", ""),
    "shipment": Look("Shipments", "truck", "/shipments/{}", "tracking", by_label=True),
    "return": Look("Returns", "truck-return", "/returns/{}", "return", by_label=True),
    "purchase": Look(
        "Purchase orders", "shopping-cart", "/orders/purchase/{}", "receiving", by_label=True
    ),
    "supplier": Look("Suppliers", "building-store", "/suppliers/{}", ""),
    "job": Look("Production jobs", "tool", "/production/jobs/{}", "job", by_label=True),
    "run": Look("Production runs", "stack-2", "/production/runs/{}", "run", by_label=True),
    "payment": Look("Payments", "cash", "/payments/{}", "payment_type", by_label=True),
    "invoice": Look("Invoices", "file-invoice", "/invoices/{}", "invoice"),
    "lot": Look("Inventory", "building-warehouse", "/inventory/{}", "lot"),
}


@dataclass(frozen=True, slots=True)
class Result:
    """A hit with its address."""

    hit: Hit
    url: str
    icon: str
    axis: str

    @property
    def is_inactive(self) -> bool:
        """Whether the record is retired."""
        return self.hit.status == "inactive"


@dataclass(frozen=True, slots=True)
class Group:
    """The hits of one kind, best first."""

    kind: str
    heading: str
    results: list[Result]


def search_page(request: HttpRequest) -> HttpResponse:
    """Everything that fits, by kind."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    q = request.GET.get("q", "").strip()[:200]
    groups = grouped(search(by, q, limit=ON_PAGE))
    return page(request, "search/page.html", {"q": q, "groups": groups})


def found(request: HttpRequest) -> HttpResponse:
    """The options of the command palette for what was typed so far."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    q = request.GET.get("q", "").strip()[:200]
    groups = grouped(search(by, q, limit=IN_PALETTE))
    return page(request, "search/options.html", {"q": q, "groups": groups})


def grouped(hits: Sequence[Hit]) -> list[Group]:
    """The hits by kind; the kind of the best hit first."""
    best = {hit.kind: hit.score for hit in reversed(hits)}
    order = sorted(best, key=lambda kind: (-best[kind], NAMES.index(kind)))
    by_kind = sorted(hits, key=lambda hit: order.index(hit.kind))
    return [
        Group(kind, LOOKS[kind].heading, [_result(hit) for hit in together])
        for kind, together in groupby(by_kind, key=lambda hit: hit.kind)
    ]


def _result(hit: Hit) -> Result:
    look = LOOKS[hit.kind]
    url = look.address.format(hit.label if look.by_label else hit.id)
    return Result(hit, url, look.icon, look.axis)
