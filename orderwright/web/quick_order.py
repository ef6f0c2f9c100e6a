"""Quick order: a customer and a grid of products, priced while one types (4.1 quick create, U6)."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from orderwright.catalog import queries as catalog
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.sales import new_orders, queries
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder
from orderwright.web import choices, quotes
from orderwright.web.forms import Form, done
from orderwright.web.order_page import sees_prices
from orderwright.web.road import page

ROWS: Final = ("row_product_id", "row_product_name", "row_quantity", "row_unit")
MOST_ROWS: Final = 500


def quick_order(request: HttpRequest) -> HttpResponse:
    """Show the grid; make the estimate of it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:create")
    staff = choices.staff(by)
    form = Form.of({"order_lead_id": staff[0][0] if len(staff) == 1 else ""})
    rows: list[dict[str, str]] = []
    if request.method == "POST":
        form = Form.posted(request)
        rows = form.rows(*ROWS)
        if form.accept(lambda: new_orders.create_order(by=by, new=_new(form, rows))):
            number = form.result.head.number
            return done(request, f"/orders/sales/{number}", f"{number} is entered.")
    elif request.GET.get("copy"):
        form, rows = _copied(by, request.GET["copy"])
    context = {
        "form": form,
        "staff": staff,
        "rows": [_row(index, row, form) for index, row in enumerate([*rows, {}])],
        "blank": _row(0, {}, Form.of({})),
        "sees_prices": sees_prices(by),
    }
    return page(request, "sales/quick.html", context, status=form.status)


@require_POST
def quote(request: HttpRequest) -> HttpResponse:
    """Prices of what stands in the grid now, as JSON; nothing is written."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:create")
    try:
        asked = orjson.loads(request.body)
        customer_id = UUID(str(asked.get("customer_id")))
        sent = list(asked.get("lines", []))[:MOST_ROWS]
    except (ValueError, AttributeError, TypeError):
        return JsonResponse({"lines": [], "totals": [], "wrong": {}, "message": ""})
    lines: dict[int, NewLine] = {}
    for index, line in enumerate(sent):
        product_id = _uuid(line.get("product_id"))
        if product_id is not None and line.get("quantity"):
            lines[index] = NewLine(product_id, line["quantity"], line.get("unit") or None)
    code = str(asked.get("discount_code") or "") or None
    found, rows, wrong, message = quotes.quote_what_makes_sense(by, customer_id, lines, code)
    shown: dict[str, Any] = {"lines": [], "totals": []}
    if found is not None:
        shown = quotes.as_json(found, rows, with_prices=sees_prices(by))
    return JsonResponse({**shown, "wrong": wrong, "message": message})


@require_POST
def resolve(request: HttpRequest) -> HttpResponse:
    """The products of pasted codes, as JSON: one for each code that is known."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:create")
    try:
        codes = [str(code) for code in orjson.loads(request.body)["codes"]][:MOST_ROWS]
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid("invalid_input", "Paste rows of a code and a quantity.") from error
    found = catalog.products_by_code(by, codes)
    return JsonResponse(
        {
            "data": {
                code: {
                    "id": str(row.id),
                    "label": row.name,
                    "sku": row.sku,
                    "unit": row.default_unit,
                    "units": [row.default_unit, *row.units],
                }
                for code, row in found.items()
            }
        }
    )


def _new(form: Form, rows: list[dict[str, str]]) -> NewOrder:
    customer_id = form.uuid("customer_id", required="Choose the customer.")
    order_lead_id = form.uuid("order_lead_id", required="Choose who leads the order.")
    lines = [_line(form, index, row) for index, row in enumerate(rows)]
    if not rows:
        form.errors["row_product_id"] = "Add at least one product."
    date_required = form.day("date_required")
    form.check()
    if customer_id is None:
        raise Invalid("customer_missing", "Choose the customer.")
    return NewOrder(
        customer_id=customer_id,
        order_lead_id=order_lead_id,
        lines=[line for line in lines if line is not None],
        accept_terms=True,
        customer_po_number=form.text("customer_po_number"),
        date_required=date_required,
        discount_code=form.text("discount_code") or None,
        source="quick",
        confirmed=frozenset(form.several("confirm")),
    )


def _line(form: Form, index: int, row: Mapping[str, str]) -> NewLine | None:
    product_id = _uuid(row["row_product_id"])
    if product_id is None:
        form.errors[f"lines.{index}.product_id"] = f"Row {index + 1}: choose the product."
        return None
    if not row["row_quantity"]:
        form.errors[f"lines.{index}.quantity"] = f"Row {index + 1}: give a quantity."
        return None
    return NewLine(product_id, row["row_quantity"], row["row_unit"] or None)


def _row(index: int, row: Mapping[str, str], form: Form) -> dict[str, Any]:
    wrong = {
        name.rpartition(".")[2]: text
        for name, text in form.errors.items()
        if name.startswith(f"lines.{index}.")
    }
    return {
        "index": index,
        **{name.removeprefix("row_"): row.get(name, "") for name in ROWS},
        "wrong": next(iter(wrong.values()), ""),
        "wrong_field": next(iter(wrong), ""),
    }


def _copied(by: Caller, reference: str) -> tuple[Form, list[dict[str, str]]]:
    """The customer and the products of an order, to be ordered again."""
    try:
        order = queries.order_page(by, reference)
    except Refusal:
        return Form.of({}), []
    head = order.head
    form = Form.of(
        {
            "customer_id": head.customer_id,
            "customer_id_text": head.customer_name,
            "order_lead_id": head.order_lead_id,
        }
    )
    rows = Form.of(
        {
            "row_product_id": [line.product_id for line in order.lines if line.is_stock],
            "row_product_name": [line.product_name for line in order.lines if line.is_stock],
            "row_quantity": [line.ordered for line in order.lines if line.is_stock],
            "row_unit": [line.unit for line in order.lines if line.is_stock],
        }
    ).rows(*ROWS)
    return form, rows


def _uuid(text: Any) -> UUID | None:
    try:
        return UUID(str(text)) if text else None
    except ValueError:
        return None
