"""Suppliers and purchase orders of the demo company, one in every status that exists."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from orderwright.catalog import supplying
from orderwright.purchasing import actions, receiving
from orderwright.purchasing.new_lines import NewLine
from orderwright.purchasing.new_orders import NewPurchaseOrder, create_order
from orderwright.purchasing.page import OrderPage
from orderwright.purchasing.receiving import Arrived, NewReceipt

if TYPE_CHECKING:
    from orderwright.demo.company import Desk

# name, e-mail, town, country, and its own codes for what it sells to us
_SUPPLIERS: Final = (
    (
        "Antwerp Stone House",
        "orders@antwerpstone.example",
        "Antwerp",
        "BE",
        {
            "GEM-RD-12": "ASH-R12",
            "GEM-RD-15": "ASH-R15",
            "GEM-PD-12": "ASH-P12",
            "GEM-CE-64": "ASH-E64",
            "GEM-OS-53": "",
        },
    ),
    (
        "Arezzo Catene",
        "ordini@arezzocatene.example",
        "Arezzo",
        "IT",
        {"CHN-CBL-45": "AC-4501", "CHN-CBL-60": "AC-6001", "CHN-BOX-45": "AC-4507"},
    ),
    (
        "Findings Direct",
        "sales@findingsdirect.example",
        "Providence",
        "US",
        {"FND-LOB-12": "L12", "FND-JMP-5": "J5-100", "FND-BACK": "B-SIL", "FND-STUD-4": "S4"},
    ),
    (
        "Castwell Foundry",
        "hello@castwell.example",
        "Birmingham",
        "GB",
        {"RNG-ETN": "CW-ETERN", "RNG-SLV-P": "CW-SP", "RNG-SIG-S": "CW-SIG"},
    ),
)


def place_all(desk: "Desk") -> None:
    """Suppliers, then purchase orders: quoted, expected, late, in parts, fulfilled, closed, held
    and partly cancelled; one covers some of what customers wait for."""
    suppliers = _suppliers(desk)
    stones, chains, findings, foundry = (suppliers[row[0]] for row in _SUPPLIERS)

    fulfilled = _order(
        desk, stones, {"GEM-RD-12": ("200", "6.20"), "GEM-PD-12": ("150", "7.40")}, 60
    )
    _receive(desk, fulfilled, {1: "200", 2: "150"}, 41, note="Delivery note 20711")

    closed = _order(
        desk, findings, {"FND-JMP-5": ("2000", "0.05"), "FND-BACK": ("1000", "0.02")}, 48
    )
    _receive(desk, closed, {1: "2000", 2: "950"}, 33)
    with desk.on(30, who="Priya") as by:
        actions.close_order(by=by, order=closed.id)

    rejected = _order(
        desk, chains, {"CHN-CBL-45": ("60", "9.10"), "CHN-BOX-45": ("40", "11.00")}, 21
    )
    bent = Arrived(
        rejected.lines[0].id, quantity="25", rejected="5", reject_reason="Clasps bent in transit"
    )
    _receive(desk, rejected, [bent], 6)

    waited_for = _order(
        desk, stones, {"GEM-CE-64": ("30", "41.00"), "GEM-OS-53": ("40", "15.50")}, 12
    )
    _receive(desk, waited_for, {1: "4"}, 0.2, note="First part; the rest is cut next week")

    _order(desk, foundry, {"RNG-ETN": ("20", "260.00")}, 9, required_in=20)
    _order(
        desk,
        foundry,
        {"RNG-SIG-S": ("30", "31.00"), "RNG-SLV-P": ("40", "17.50")},
        32,
        required_in=-4,
    )
    _order(
        desk,
        findings,
        {"FND-LOB-12": ("500", "0.80"), "FND-STUD-4": ("800", "0.45")},
        1,
        issued=False,
    )

    held = _order(desk, chains, {"CHN-CBL-60": ("50", "12.40")}, 3, issued=False)
    with desk.on(2, who="Priya") as by:
        actions.hold_order(by=by, order=held.id, reason="Waiting for the new price list")

    partly = _order(desk, stones, {"GEM-RD-15": ("100", "9.30"), "GEM-RD-12": ("100", "6.30")}, 15)
    with desk.on(10, who="Priya") as by:
        actions.cancel_lines(
            by=by, order=partly.id, line_ids=[partly.lines[1].id], reason="Bought elsewhere"
        )


def _suppliers(desk: "Desk") -> dict[str, UUID]:
    found = {}
    with desk.on(380) as by:
        for name, email, city, country, sold in _SUPPLIERS:
            products = [
                {"product_id": str(desk.products[sku].id), "code": code}
                for sku, code in sold.items()
            ]
            address = {"label": name, "city": city, "country": country, "is_bill_to": True}
            found[name] = supplying.create_supplier(
                by=by,
                sent={
                    "name": name,
                    "email": email,
                    "addresses": [address],
                    "supplied_products": products,
                },
            )
    return found


def _order(
    desk: "Desk",
    supplier: UUID,
    wanted: Mapping[str, tuple[str, str]],
    days_ago: float,
    *,
    required_in: int = 12,
    issued: bool = True,
) -> OrderPage:
    """A purchase order of quantities at prices, required so many days from today at the latest."""
    lines = [
        NewLine(product_id=desk.products[sku].id, quantity=quantity, unit_price=price)
        for sku, (quantity, price) in wanted.items()
    ]
    required = (desk.now + timedelta(days=required_in)).date()
    with desk.on(days_ago, who="Priya") as by:
        page = create_order(
            by=by,
            new=NewPurchaseOrder(
                supplier_id=supplier,
                order_lead_id=desk.leads[2],
                lines=lines,
                accept_terms=True,
                date_required=required,
                promised_at=required,
                source="wizard",
                confirmed=frozenset({"past_date"}),
            ),
        )
    if issued:
        with desk.on(max(0.0, days_ago - 0.2), who="Priya") as by:
            page = actions.issue_order(by=by, order=page.id)
    return page


def _receive(
    desk: "Desk",
    order: OrderPage,
    arrived: Mapping[int, str] | Sequence[Arrived],
    days_ago: float,
    *,
    note: str = "",
) -> None:
    if isinstance(arrived, Mapping):
        ids = {line.position: line.id for line in order.lines}
        arrived = [Arrived(ids[position], quantity=text) for position, text in arrived.items()]
    with desk.on(days_ago, who="Tom") as by:
        receiving.receive(by=by, order=order.id, new=NewReceipt(lines=arrived, note=note))
