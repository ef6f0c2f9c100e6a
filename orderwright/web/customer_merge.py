"""Merge customers: choose who goes, see what would move, and do it."""

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.directory import merging
from orderwright.directory import queries as directory
from orderwright.directory.merging import Preview
from orderwright.identity.caller import Caller
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, sent_by
from orderwright.web.road import page

SOURCES: Final = (
    Input(
        "source_ids",
        "Customers that go",
        "rows",
        add="Add a customer",
        hint="Their orders, prices, contacts and all else become this customer’s.",
        inputs=(
            Input("customer_id", "Customer", "combobox", source="/lookup/customers", required=True),
        ),
    ),
)
NOUNS: Final = {
    "Customer": "customers that belong to them",
    "Address": "addresses",
    "Contact": "contacts",
    "ItemCode": "item codes",
    "CustomerPrice": "customer prices",
    "Redemption": "uses of discount codes",
    "SalesOrder": "sales orders",
    "Invoice": "invoices",
    "Payment": "payments",
    "Extraction": "extractions",
    "LearnedAlias": "learned phrases",
}


def merge(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Ask whom to merge; show what would move; with a yes, do it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("customers:delete", "customers:update")
    found = directory.customer(by=by, record_id=customer_id)
    form = Form.of(
        {"source_ids": [{"customer_id": "", "customer_id_text": ""}], "version": found.row.version}
    )
    preview = None
    if request.method == "POST":
        form = Form.posted(request)
        source_ids, version = _sources(form), form.whole("version")
        if form.value("confirmed") and form.accept(
            lambda: merging.merge_customers(
                by=by, target_id=customer_id, source_ids=source_ids(), version=version
            )
        ):
            return done(request, f"/customers/{customer_id}", "The customers are merged.")
        if not form.message and form.accept(
            lambda: merging.preview_merge(by=by, target_id=customer_id, source_ids=source_ids())
        ):
            preview = form.result
        form.errors = {_place(name): text for name, text in form.errors.items()}
    context = {
        "form": form,
        "customer": found.row,
        "inputs": bound(SOURCES, by),
        "preview": preview,
        "moves": _moves(preview),
    }
    return page(request, "directory/customer_merge.html", context, status=form.status)


def _sources(form: Form) -> Any:
    """What reads the customers that were chosen, so that a refusal finds its field."""
    rows = sent_by(form, SOURCES)["source_ids"]

    def read() -> list[UUID]:
        for index in range(len(rows)):
            form.uuid(f"source_ids.{index}.customer_id", required="Choose a customer of the list.")
        form.check()
        return [UUID(row["customer_id"]) for row in rows]

    return read


def _place(name: str) -> str:
    """`source_ids.0` is the field of the first row."""
    is_row = name.startswith("source_ids.") and not name.endswith(".customer_id")
    return f"{name}.customer_id" if is_row else name


def _moves(preview: Preview | None) -> list[tuple[str, int]]:
    """How many of what would move, in words."""
    if preview is None:
        return []
    return [(NOUNS.get(name, f"rows of {name}"), count) for name, count in preview.moves.items()]
