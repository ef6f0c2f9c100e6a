"""What invoicing told an order about its money, and how far its value has come (domain 1.11, 2.5).

Pure. Amounts are in the order's currency.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orderwright.kernel.money import round_money
from orderwright.kernel.numbers import EXACT, ONE, ZERO, round_half_up

STAGES = ("ordered", "picked", "packed", "shipped", "invoiced")


@dataclass(frozen=True, slots=True)
class MoneyTold:
    """The sums of an order's invoices and payments.

    `paid` is what its live invoices and its deposits hold, less refunds; `invoiced` the value of
    finalised invoices that are not void; `invoices` counts invoices that are not void, `drafts` the
    drafts among them, `payments` payments and deposits.
    """

    paid: Decimal = ZERO
    invoiced: Decimal = ZERO
    invoices: int = 0
    drafts: int = 0
    payments: int = 0

    def as_json(self) -> dict[str, Any]:
        """As the order keeps it."""
        return {
            "paid": str(self.paid),
            "invoiced": str(self.invoiced),
            "invoices": self.invoices,
            "drafts": self.drafts,
            "payments": self.payments,
        }


NOTHING = MoneyTold()


def money_of(told: Mapping[str, Any]) -> MoneyTold:
    """The money in what an order was told; nothing without any."""
    kept = told.get("money")
    if not kept:
        return NOTHING
    return MoneyTold(
        paid=Decimal(kept["paid"]),
        invoiced=Decimal(kept["invoiced"]),
        invoices=kept["invoices"],
        drafts=kept["drafts"],
        payments=kept["payments"],
    )


@dataclass(frozen=True, slots=True)
class LineValue:
    """A line's value, and how much of it was picked, packed, shipped and invoiced.

    Quantities are in the line's measure. What was shipped was packed, and what was packed was
    picked, whatever the warehouse wrote down.
    """

    total: Decimal
    effective: Decimal
    picked: Decimal = ZERO
    packed: Decimal = ZERO
    shipped: Decimal = ZERO
    invoiced: Decimal = ZERO

    def share(self, stage: str) -> Decimal:
        """The fraction of the line that has come to this stage, at most 1."""
        if stage == "ordered":
            return ONE
        if not self.effective:
            return ZERO
        packed = max(self.packed, self.shipped)
        reached = {
            "picked": max(self.picked, packed),
            "packed": packed,
            "shipped": self.shipped,
            "invoiced": self.invoiced,
        }[stage]
        if not reached:
            return ZERO
        return ONE if reached >= self.effective else EXACT.divide(reached, self.effective)


@dataclass(frozen=True, slots=True)
class StageTotal:
    """The value that has come to a stage, and its fraction of what is ordered, 0 to 1."""

    amount: Decimal
    completion: Decimal


def stage_totals(lines: Iterable[LineValue], currency: str) -> dict[str, StageTotal]:
    """How much of the order's merchandise has come to each stage (domain 1.11).

    The fraction is of value; of lines, all alike, where nothing has a value. Rounded to four
    places; amounts to the currency's minor unit.
    """
    counted = [line for line in lines if line.effective]
    whole = sum((line.total for line in counted), ZERO)
    found = {}
    for stage in STAGES:
        shares = [line.share(stage) for line in counted]
        value = sum(
            (
                line.total if share is ONE else EXACT.multiply(line.total, share)
                for line, share in zip(counted, shares, strict=True)
                if share
            ),
            ZERO,
        )
        if whole:
            completion = EXACT.divide(value, whole)
        else:
            completion = EXACT.divide(sum(shares, ZERO), Decimal(len(shares))) if shares else ZERO
        found[stage] = StageTotal(round_money(value, currency), round_half_up(completion, 4))
    return found
