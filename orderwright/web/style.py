"""The living style page: every component in every state, for those who build pages."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.kernel.reasons import Reason
from orderwright.web import display, lists
from orderwright.web.forms import Form
from orderwright.web.lists import Column, Empty, Filter, Tab
from orderwright.web.road import page
from orderwright.web.vocabulary import AXES, choices_of


@dataclass(frozen=True, slots=True)
class Sample:
    """A row of the sample list."""

    id: UUID
    number: str
    customer: str
    status: str
    total: Decimal


ROWS = [
    Sample(UUID(int=3), "SO-1003", "Aster Jewellery", "issued", Decimal("8015.63")),
    Sample(UUID(int=2), "SO-1002", "Borealis Workshop", "estimate", Decimal("120")),
    Sample(UUID(int=1), "SO-1001", "Cedar & Sons", "completed", Decimal("99.5")),
]
COLUMNS = (
    Column("Number", lambda row: display.link(row.number, "/style"), primary=True),
    Column("Customer", lambda row: row.customer),
    Column("Stage", lambda row: display.chip("stage", row.status)),
    Column("Total", lambda row: display.money(row.total, "USD"), numeric=True),
)
REASONS = [
    Reason("shipped", "4", "10", "shipment SO-1003-1", "4 of 10 shipped"),
    Reason("hold", None, None, "customer", "the customer is on hold for shipments"),
]


def style(request: HttpRequest) -> HttpResponse:
    """Show everything once."""
    form = Form.of({"name": "", "quantity": Decimal("12.5"), "group": "b", "tax_exempt": True})
    form.errors = {"name": "Give the customer a name."}
    form.message = "Please correct the marked fields."
    asked = lists.asked(request, "status")
    tabs = [Tab("All", "/style", True, 3), Tab("Estimate", "/style?status=estimate", False, 1)]
    context = {
        "form": form,
        "groups": [("a", "Retail"), ("b", "Wholesale")],
        "axes": {
            axis: [(code, word.text) for code, word in words.items()]
            for axis, words in AXES.items()
        },
        "reasons": REASONS,
        "hour_ago": request.caller.now - timedelta(hours=1),  # type: ignore[attr-defined]
        "list": lists.listing(
            name="Sample orders",
            asked=asked,
            columns=COLUMNS,
            rows=ROWS if not asked.q else [],
            empty=Empty("No orders yet", "Orders stand here once they are entered."),
            filters=[Filter("status", "Stage", choices_of("stage"))],
            tabs=tabs,
            search="Number or customer",
        ),
    }
    return page(request, "style.html", context)
