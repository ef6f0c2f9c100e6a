"""What an e-invoice says: amounts that add up by the rules of EN 16931, whatever its syntax.

Pure. A `Sale` is an invoice or a credit memo as we keep it; `stated` makes of it what the standard
wants said: nets, allowances, charges, and the tax of each category and rate. Amounts are in the
sale's currency. BT and BR are the standard's names of terms and rules.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from orderwright.kernel.contacts import is_vat_id
from orderwright.kernel.errors import Invalid
from orderwright.kernel.money import minor_digits, round_money
from orderwright.kernel.numbers import EXACT, ZERO

INVOICE: Final = "380"
PREPAYMENT: Final = "386"
CREDIT_NOTE: Final = "381"

STANDARD, ZERO_RATED, EXEMPT, OUTSIDE = "S", "Z", "E", "O"
_REASONS: Final = {EXEMPT: "Exempt from tax", OUTSIDE: "Not subject to VAT"}
_MOST_DIGITS: Final = 2
# How far the standard's own checks let a tax be from rate times basis (BR-CO-17).
_TOLERANCE: Final = Decimal("0.99")


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys, with the address and the number that the tax office gave."""

    name: str
    country: str
    street_1: str = ""
    street_2: str = ""
    postal_code: str = ""
    city: str = ""
    state: str = ""
    tax_number: str = ""

    @property
    def has_vat_id(self) -> bool:
        """Whether the tax number is a VAT id, which starts with a country (BR-CO-09)."""
        return is_vat_id(self.tax_number, self.country)


@dataclass(frozen=True, slots=True)
class Item:
    """A line as it was billed; `amount` is before its share of the order's discount."""

    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    discount: Decimal = ZERO
    tax_rate: Decimal = ZERO
    tax: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Sale:
    """An invoice or a credit memo. `prepaid` is what deposits and payments took off; `preceding`
    the invoices that a credit memo corrects."""

    code: str
    number: str
    issued_on: date
    due_on: date | None
    currency: str
    seller: Party
    buyer: Party
    items: tuple[Item, ...]
    freight: Decimal = ZERO
    prepaid: Decimal = ZERO
    is_exempt: bool = False
    order_number: str = ""
    purchase_order: str = ""
    preceding: tuple[str, ...] = ()
    terms: str = ""
    note: str = ""
    iban: str = ""

    @property
    def total(self) -> Decimal:
        """What was charged, taxes included, before anything was paid."""
        lines = sum((one.amount - one.discount + one.tax for one in self.items), ZERO)
        return lines + self.freight


@dataclass(frozen=True, slots=True)
class Tax:
    """A category of tax at a rate in percent; a sale outside of the tax has no rate."""

    category: str
    percent: Decimal | None

    @property
    def reason(self) -> str:
        """Why no tax is due, where the standard wants to know."""
        return _REASONS.get(self.category, "")


@dataclass(frozen=True, slots=True)
class TaxSum:
    """The tax of one category and rate (BG-23)."""

    tax: Tax
    basis: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An allowance (BG-20) or a charge (BG-21) on the whole document."""

    is_charge: bool
    amount: Decimal
    reason: str
    reason_code: str
    tax: Tax


@dataclass(frozen=True, slots=True)
class Stated:
    """A sale as both syntaxes write it. `taxes_of_items` belongs to the sale's items in order."""

    sale: Sale
    taxes_of_items: tuple[Tax, ...]
    adjustments: tuple[Adjustment, ...]
    tax_sums: tuple[TaxSum, ...]
    rounding: Decimal

    @property
    def lines_total(self) -> Decimal:
        """BT-106 (BR-CO-10)."""
        return sum((one.amount for one in self.sale.items), ZERO)

    @property
    def allowances(self) -> Decimal:
        """BT-107 (BR-CO-11)."""
        return sum((one.amount for one in self.adjustments if not one.is_charge), ZERO)

    @property
    def charges(self) -> Decimal:
        """BT-108 (BR-CO-12)."""
        return sum((one.amount for one in self.adjustments if one.is_charge), ZERO)

    @property
    def net(self) -> Decimal:
        """BT-109 (BR-CO-13)."""
        return self.lines_total - self.allowances + self.charges

    @property
    def tax(self) -> Decimal:
        """BT-110 (BR-CO-14)."""
        return sum((one.amount for one in self.tax_sums), ZERO)

    @property
    def gross(self) -> Decimal:
        """BT-112 (BR-CO-15)."""
        return self.net + self.tax

    @property
    def payable(self) -> Decimal:
        """BT-115 (BR-CO-16)."""
        return self.gross - self.sale.prepaid + self.rounding


def stated(sale: Sale) -> Stated:
    """What the standard wants said of a sale.

    The discount of each rate is one allowance, freight one charge without tax. The tax of a rate
    is what was charged, the sum of what each line was rounded to; where that is too far from the
    rate for the standard's checks, the tax is rate times basis and the difference is the document's
    rounding, so that what is to be paid is always what we charged.

    Raises Invalid `currency_too_fine` for amounts of three decimals, which the standard lacks.
    """
    if minor_digits(sale.currency) > _MOST_DIGITS:
        message = (
            f"E-invoices know amounts of two decimals; {sale.currency} has "
            f"{minor_digits(sale.currency)}. Send the PDF instead."
        )
        raise Invalid("currency_too_fine", message, fields={"currency": message})
    outside = not sale.seller.has_vat_id and not any(one.tax_rate for one in sale.items)
    taxes = tuple(_tax(one.tax_rate, sale, outside=outside) for one in sale.items)
    untaxed = _tax(ZERO, sale, outside=outside)
    adjustments = (*_allowances(sale.items, taxes), *_freight(sale.freight, untaxed))
    sums, rounding = _tax_sums(sale, taxes, adjustments)
    return Stated(sale, taxes, adjustments, sums, rounding)


def _tax(rate: Decimal, sale: Sale, *, outside: bool) -> Tax:
    if outside:
        return Tax(OUTSIDE, None)
    if rate:
        return Tax(STANDARD, EXACT.multiply(rate, Decimal(100)))
    return Tax(EXEMPT if sale.is_exempt else ZERO_RATED, ZERO)


def _allowances(items: Iterable[Item], taxes: Iterable[Tax]) -> list[Adjustment]:
    discounts: dict[Tax, Decimal] = {}
    for item, tax in zip(items, taxes, strict=True):
        discounts[tax] = discounts.get(tax, ZERO) + item.discount
    return [
        Adjustment(is_charge=False, amount=discount, reason="Discount", reason_code="95", tax=tax)
        for tax, discount in discounts.items()
        if discount
    ]


def _freight(freight: Decimal, tax: Tax) -> list[Adjustment]:
    """Freight, or what of it was too much before."""
    if not freight:
        return []
    if freight < 0:
        return [Adjustment(False, -freight, "Freight", "100", tax)]
    return [Adjustment(True, freight, "Freight", "FC", tax)]


def _tax_sums(
    sale: Sale, taxes: Iterable[Tax], adjustments: Iterable[Adjustment]
) -> tuple[tuple[TaxSum, ...], Decimal]:
    """The tax of each category and rate, and what its rounding leaves."""
    basis: dict[Tax, Decimal] = {}
    charged: dict[Tax, Decimal] = {}
    for item, tax in zip(sale.items, taxes, strict=True):
        basis[tax] = basis.get(tax, ZERO) + item.amount
        charged[tax] = charged.get(tax, ZERO) + item.tax
    for one in adjustments:
        amount = one.amount if one.is_charge else -one.amount
        basis[one.tax] = basis.get(one.tax, ZERO) + amount
    found = []
    for tax, amount in basis.items():
        due = EXACT.multiply(amount, (tax.percent or ZERO).scaleb(-2, EXACT))
        asked = charged.get(tax, ZERO)
        is_near = abs(asked - due) <= _TOLERANCE
        found.append(TaxSum(tax, amount, asked if is_near else round_money(due, sale.currency)))
    rounding = sum(charged.values(), ZERO) - sum((one.amount for one in found), ZERO)
    return tuple(found), rounding
