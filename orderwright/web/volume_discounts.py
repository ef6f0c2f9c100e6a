"""Volume discounts: their tiers, with an example that follows what one types (domain 5.3, U29)."""

from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import ZERO, parse_decimal, trim
from orderwright.pricing.example import WorkedExample, worked_example
from orderwright.pricing.facts import settings_of
from orderwright.pricing.kinds import VOLUME_DISCOUNT, VolumeDiscountRow
from orderwright.pricing.rules import Tier
from orderwright.web.display import active, dialog_link, percent
from orderwright.web.forms import Form
from orderwright.web.inputs import Input
from orderwright.web.lists import Column
from orderwright.web.pricing_fields import (
    ATTRIBUTES,
    CATEGORIES,
    HUNDRED,
    IN_USE,
    attributes_typed,
    customer_groups,
    fraction_sent,
    narrowing,
    percent_typed,
    product_lines,
    with_attributes,
)
from orderwright.web.records import ACTIVE_FILTER, RecordPages, values_of
from orderwright.web.road import page


def _volume_values(by: Caller, record_id: UUID) -> dict[str, Any]:
    pages: RecordPages = VOLUME_DISCOUNTS
    row = pages.row_of(by, record_id)
    tiers = [{**tier, "percent": percent_typed(tier["percent"])} for tier in row.tiers]
    return values_of(row) | {
        "tiers": tiers,
        "attributes": attributes_typed(row.attributes),
        "acceptable_units": "\n".join(row.acceptable_units),
    }


def _volume_sent(sent: dict[str, Any]) -> dict[str, Any]:
    tiers = [{**tier, "percent": fraction_sent(tier["percent"])} for tier in sent["tiers"]]
    return with_attributes(sent) | {"tiers": tiers}


def _tiers_words(row: VolumeDiscountRow) -> str:
    return ", ".join(
        f"{trim(Decimal(tier['threshold']))}+ {percent(Decimal(tier['percent']))}"
        for tier in row.tiers
    )


def _scope_words(row: VolumeDiscountRow) -> str:
    parts = [
        f"{len(ids)} {noun}{'' if len(ids) == 1 else 's'}"
        for ids, noun in (
            (row.customer_group_ids, "customer group"),
            (row.product_line_ids, "product line"),
        )
        if ids
    ]
    parts += [narrowing(row)] if narrowing(row) else []
    return "; ".join(parts) or "Everything, for everybody"


def _example_of(by: Caller, form: Form) -> dict[str, Any]:
    """The example beside the tiers, as far as they can be read."""
    return {
        "example": read_example(by, form),
        "mode": by.organization.setting("pricing.tier_mode"),
        "currency": by.organization.default_currency,
        "example_price": form.value("example_price") or "12.50",
        "example_quantity": form.value("example_quantity") or "750",
    }


def read_example(by: Caller, form: Form) -> WorkedExample | None:
    """What stands in the form, worked out; None while a number cannot be read."""
    tiers = []
    for index in form.indexes("tiers"):
        threshold = _number(form, f"tiers.{index}.threshold")
        taken = _number(form, f"tiers.{index}.percent")
        if threshold is not None and taken is not None and ZERO < taken < HUNDRED:
            name = form.value(f"tiers.{index}.name").strip()
            tiers.append(Tier(threshold, taken / HUNDRED, name))
    base = _number(form, "example_price", "12.50")
    quantity = _number(form, "example_quantity", "750")
    if base is None or quantity is None:
        return None
    return worked_example(tiers, base=base, quantity=quantity, settings=settings_of(by))


def _number(form: Form, name: str, default: str = "") -> Decimal | None:
    try:
        typed = form.number_text(name) if name in form.values else default
        found = parse_decimal(typed, name)
    except Invalid:
        return None
    return found if ZERO <= found < Decimal(10) ** 12 else None


def volume_example(request: HttpRequest) -> HttpResponse:
    """The example anew, while one types."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("discounts:read")
    form = Form(values={name: request.GET.getlist(name) for name in request.GET})
    return page(request, "pricing/example.html", _example_of(by, form))


VOLUME_DISCOUNTS: Final = RecordPages(
    kind=VOLUME_DISCOUNT,
    url="/pricing/volume-discounts",
    title="Volume discounts",
    about="What is taken off when an order has enough of what is in scope. It adds up the order.",
    icon="percentage",
    above=("", ""),
    is_wide=True,
    read=_volume_values,
    as_sent=_volume_sent,
    template="pricing/volume_form.html",
    context=_example_of,
    columns=(
        Column(
            "Name",
            lambda row: dialog_link(row.name, f"/pricing/volume-discounts/{row.id}"),
            primary=True,
            sort="name",
        ),
        Column("Tiers", _tiers_words),
        Column("For", _scope_words, quiet=True),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input("name", "Name", required=True, width="wide"),
        Input(
            "tiers",
            "Tiers",
            "rows",
            add="Add a tier",
            hint="From each quantity on, so many percent are taken off.",
            inputs=(
                Input("threshold", "From", "num", required=True),
                Input("percent", "Percent off", "num", required=True),
                Input("name", "Name"),
            ),
        ),
        Input(
            "customer_group_ids",
            "Only customer groups",
            "checks",
            choices=customer_groups,
            hint="None ticked: everybody.",
        ),
        Input(
            "product_line_ids",
            "Only product lines",
            "checks",
            choices=product_lines,
            hint="None ticked: all.",
        ),
        CATEGORIES,
        ATTRIBUTES,
        Input(
            "acceptable_units",
            "Counted in",
            "words",
            hint="One unit a line; a line of an order counts in the first that it converts to. "
            "Empty: each product’s own unit.",
        ),
        IN_USE,
    ),
    filters=(ACTIVE_FILTER,),
    start={"is_active": True, "tiers": [{"threshold": "", "percent": "", "name": ""}]},
)
