"""How an e-invoice reads on paper: the same figures that its XML carries."""

from typing import Any, Final

from orderwright.documents import figures
from orderwright.documents.e_invoice import CREDIT_NOTE, PREPAYMENT, Item, Party, Stated
from orderwright.documents.letterheads import Letterhead

TEMPLATE: Final = "order"
_TITLES: Final = {CREDIT_NOTE: "Credit memo", PREPAYMENT: "Deposit invoice"}


def document_of(said: Stated, sender: Letterhead) -> dict[str, Any]:
    """What the template prints."""
    sale = said.sale
    columns = [
        figures.column("#", align="right"),
        figures.column("Product", width=1),
        figures.column("Quantity", align="right"),
        figures.column("Unit price", align="right"),
        figures.column(f"Amount {sale.currency}", align="right"),
    ]
    return {
        "paper": sender.paper,
        "letterhead": sender.as_values(),
        "title": _TITLES.get(sale.code, "Invoice"),
        "number": sale.number,
        "barcode": figures.barcode(sale.number),
        "addresses": [{"title": "Bill to", "lines": _address(sale.buyer)}],
        "facts": _facts(said),
        "columns": columns,
        "rows": [_row(at, item, sale.currency) for at, item in enumerate(sale.items, start=1)],
        "totals": _totals(said),
        "notes": figures.notes("Notes", sale.note),
    }


def _address(party: Party) -> list[str]:
    parts = ("street_1", "street_2", "postal_code", "city", "state", "country")
    return figures.recipient(party.name, {part: getattr(party, part) for part in parts})


def _facts(said: Stated) -> list[list[str]]:
    sale = said.sale
    return figures.facts(
        [
            ("Date", figures.day(sale.issued_on)),
            ("Due", figures.day(sale.due_on)),
            ("Payment", sale.terms),
            ("Order", sale.order_number),
            ("Your order", sale.purchase_order),
            ("Invoice", ", ".join(sale.preceding)),
            ("Our tax number", sale.seller.tax_number),
            ("Your tax number", sale.buyer.tax_number),
            ("IBAN", sale.iban),
        ]
    )


def _row(position: int, item: Item, currency: str) -> dict[str, Any]:
    cells = [
        str(position),
        item.description,
        figures.quantity(item.quantity, item.unit),
        figures.price(item.unit_price, currency),
        figures.money(item.amount, currency),
    ]
    return {"cells": cells, "sku": "", "detail": ""}


def _totals(said: Stated) -> list[list[str]]:
    sale = said.sale
    rows = [("Merchandise", said.lines_total)]
    rows += [(one.reason, one.amount if one.is_charge else -one.amount) for one in said.adjustments]
    for one in said.tax_sums:
        if one.tax.percent:
            rows.append((f"Tax {figures.quantity(one.tax.percent)} %", one.amount))
        elif one.tax.reason:
            rows.append((one.tax.reason, one.amount))
    rows += [("Rounding", said.rounding), ("Paid", -sale.prepaid)]
    shown = [[name, figures.money(value, sale.currency)] for name, value in rows if value]
    total = f"{figures.money(said.payable, sale.currency)} {sale.currency}"
    return [*shown, ["To pay" if sale.code != CREDIT_NOTE else "Credit", total]]
