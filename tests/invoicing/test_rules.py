"""What an invoice bills, and what it is: pure rules (domain 2.5b, 4.13, 5.4, ruling 15)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.invoicing import rules
from orderwright.invoicing.billing import (
    Billable,
    Billed,
    Part,
    credit_of,
    part_of,
    plan_asked,
    plan_parts,
    totals_of,
)
from orderwright.invoicing.rules import InvoiceFacts
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.money import round_money, share_out

TODAY = date(2026, 3, 2)


def facts(
    step: str = "sent", total: str = "100", allocated: str = "0", due: date = TODAY
) -> object:
    return InvoiceFacts(step, Decimal(total), Decimal(allocated), due)


@pytest.mark.parametrize(
    ("step", "allocated", "due", "status"),
    [
        ("draft", "0", date(2026, 1, 1), "draft"),
        ("finalised", "0", TODAY, "finalised"),
        ("sent", "0", TODAY, "sent"),
        ("sent", "1", TODAY, "partially_paid"),
        ("sent", "1", date(2026, 3, 1), "overdue"),
        ("finalised", "0", date(2026, 3, 1), "overdue"),
        ("sent", "100", date(2026, 1, 1), "paid"),
        ("void", "0", date(2026, 1, 1), "void"),
    ],
)
def test_the_status_of_an_invoice_is_the_first_that_fits(
    step: str, allocated: str, due: date, status: str
) -> None:
    assert rules.status_of(facts(step, "100", allocated, due), TODAY) == status  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("timing", "net_days", "delivered", "due"),
    [
        ("net", 30, None, date(2026, 4, 1)),
        ("net", None, None, TODAY),
        ("on_receipt", None, None, TODAY),
        ("before_issue", None, None, TODAY),
        ("before_ship", 10, None, TODAY),
        ("on_delivery", None, date(2026, 3, 9), date(2026, 3, 9)),
        ("on_delivery", None, None, TODAY),
    ],
)
def test_the_payment_term_says_when_an_invoice_is_due(
    timing: str, net_days: int | None, delivered: date | None, due: date
) -> None:
    assert rules.due_on(TODAY, timing=timing, net_days=net_days, delivered_on=delivered) == due


@pytest.mark.parametrize(
    ("action", "step", "allocated", "code"),
    [
        ("edit", "finalised", "0", "invalid_transition"),
        ("finalise", "sent", "0", "invalid_transition"),
        ("send", "draft", "0", "invalid_transition"),
        ("remind", "draft", "0", "invalid_transition"),
        ("remind", "sent", "100", "invoice_paid"),
        ("void", "sent", "100", "invoice_paid"),
        ("void", "void", "0", "invalid_transition"),
        ("void", "sent", "99", None),
        ("void", "draft", "0", None),
        ("send", "sent", "100", None),
    ],
)
def test_what_may_be_done_follows_from_step_and_payment(
    action: str, step: str, allocated: str, code: str | None
) -> None:
    refusal = rules.why_refused(action, facts(step, "100", allocated))  # type: ignore[arg-type]
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize(
    ("day", "bucket"),
    [
        (TODAY, "0-30"),
        (date(2026, 5, 1), "0-30"),
        (date(2026, 1, 31), "0-30"),
        (date(2026, 1, 30), "31-60"),
        (date(2025, 12, 31), "61-90"),
        (date(2025, 12, 1), "91-120"),
        (date(2025, 11, 1), "121+"),
    ],
)
def test_the_age_of_an_invoice_counts_from_its_date(day: date, bucket: str) -> None:
    assert rules.bucket_of(day, TODAY) == bucket


@pytest.mark.parametrize(
    ("amount", "code"), [("60", "over_allocation"), ("45", "insufficient_credit")]
)
def test_nothing_settles_more_than_is_owed_or_held(amount: str, code: str) -> None:
    balance, credit = Decimal(50), Decimal(40)
    with pytest.raises(Conflict) as refused:
        rules.check_settling(
            Decimal(amount), balance=balance, credit=credit, field="a", currency="USD"
        )
    assert (refused.value.code, list(refused.value.fields)) == (code, ["a"])
    rules.check_settling(Decimal(40), balance=balance, credit=credit, field="a", currency="USD")


# The walk of domain 8.5: 750 diamonds and 10 rings less 10 %.
DIAMONDS = Billable(
    UUID(int=1),
    1,
    Decimal(750),
    "pcs",
    Decimal("10.6875"),
    Decimal("8015.63"),
    discount=Decimal("801.56"),
    shipped=Decimal(750),
)
RINGS = Billable(
    UUID(int=2), 2, Decimal(10), "pcs", Decimal(40), Decimal(400), discount=Decimal(40)
)


def test_the_first_invoice_of_the_walk_bills_diamonds_and_freight() -> None:
    found = totals_of(plan_parts([DIAMONDS, RINGS], "USD"), freight=Decimal(25))
    assert (found.subtotal, found.discount, found.total) == (
        Decimal("8015.63"),
        Decimal("801.56"),
        Decimal("7239.07"),
    )


def test_two_rings_that_come_back_give_72() -> None:
    billed = Billed(Decimal(10), Decimal(400), Decimal(40))
    part = credit_of(billed, Decimal(40), Decimal(2), Billed(), "USD")
    assert part is not None
    assert part.amount - part.discount + part.tax == Decimal("72.00")


def test_what_was_never_invoiced_or_was_credited_before_gives_nothing() -> None:
    assert credit_of(Billed(), Decimal(40), Decimal(2), Billed(), "USD") is None
    billed = Billed(Decimal(10), Decimal(400), Decimal(40))
    assert credit_of(billed, Decimal(40), Decimal(2), billed, "USD") is None


def test_more_than_shipped_and_not_invoiced_is_refused_with_what_is_open() -> None:
    line = replace(RINGS, shipped=Decimal(6), billed=Billed(quantity=Decimal(2)))
    with pytest.raises(Conflict) as refused:
        plan_asked({line.id: line}, [(line.id, "5")], "USD")
    assert (refused.value.code, refused.value.details["open"]) == ("over_invoicing", "4")
    assert plan_asked({line.id: line}, [(line.id, "4")], "USD")[0].quantity == 4


@pytest.mark.parametrize("quantity", ["0", "-1", "1.5", "x"])
def test_a_senseless_quantity_is_refused_with_its_field(quantity: str) -> None:
    line = replace(RINGS, shipped=Decimal(6))
    with pytest.raises(Invalid) as refused:
        plan_asked({line.id: line}, [(line.id, quantity)], "USD")
    assert list(refused.value.fields) == ["lines.0.quantity"]


def test_a_line_of_another_order_and_a_line_named_twice_are_refused() -> None:
    line = replace(RINGS, shipped=Decimal(6))
    for asked, field in (
        ([(uuid4(), 1)], "lines.0.line_id"),
        ([(line.id, 1), (line.id, 1)], "lines.1.line_id"),
    ):
        with pytest.raises(Invalid) as refused:
            plan_asked({line.id: line}, asked, "USD")
        assert list(refused.value.fields) == [field]


def test_what_shipped_beyond_the_order_is_not_billed() -> None:
    assert replace(RINGS, shipped=Decimal(12)).open() == 10


def test_services_are_billed_without_a_shipment() -> None:
    service = replace(RINGS, is_service=True)
    assert (service.open(), service.open(with_services=False)) == (10, 0)


@st.composite
def orders(draw: st.DrawFn) -> tuple[str, list[Billable], Decimal]:
    """Lines with prices, tax and a shared discount, and freight."""
    currency = draw(st.sampled_from(["USD", "JPY", "KWD"]))
    lines = []
    for at in range(1, draw(st.integers(1, 4)) + 1):
        quantity = Decimal(draw(st.integers(1, 20)))
        quantity += draw(st.sampled_from([Decimal(0), Decimal("0.345678"), Decimal("0.5")]))
        price = Decimal(draw(st.integers(0, 500_000))).scaleb(-4)
        total = round_money(quantity * price, currency)
        lines.append(Billable(UUID(int=at), at, quantity, "pcs", price, total, shipped=quantity))
    subtotal = sum((line.total for line in lines), Decimal(0))
    percent = Decimal(draw(st.integers(0, 100))) / 100
    shares = share_out(
        min(subtotal, round_money(subtotal * percent, currency)),
        [line.total for line in lines],
        currency,
    )
    rate = Decimal(draw(st.integers(0, 25))) / 100
    taxed = [
        replace(line, discount=share, tax=round_money((line.total - share) * rate, currency))
        for line, share in zip(lines, shares, strict=True)
    ]
    freight = round_money(Decimal(draw(st.integers(0, 10_000))) / 100, currency)
    return currency, taxed, freight


def worth(part: Part) -> Decimal:
    return part.amount - part.discount + part.tax


@settings(max_examples=2_000, deadline=None)
@given(orders(), st.data())
def test_invoices_add_up_to_the_order_to_the_last_digit_however_it_is_split(
    order: tuple[str, list[Billable], Decimal], data: st.DataObject
) -> None:
    """Parts of any size, some of them voided again on the way."""
    currency, lines, freight = order
    invoiced = freight
    for line in lines:
        parts: list[Part] = []
        while (left := line.effective - held(parts).quantity) > 0:
            if parts and data.draw(st.integers(0, 5)) == 0:
                parts.pop(data.draw(st.integers(0, len(parts) - 1)))
                continue
            quantity = Decimal(data.draw(st.integers(1, max(1, int(left)))))
            part = part_of(replace(line, billed=held(parts)), min(quantity, left), currency)
            assert part.amount >= part.discount >= 0 <= part.tax
            parts.append(part)
        assert held(parts) == Billed(line.effective, line.total, line.discount, line.tax)
        invoiced += sum((worth(part) for part in parts), Decimal(0))
    grand_total = sum((line.total - line.discount + line.tax for line in lines), freight)
    assert invoiced == grand_total


def held(parts: list[Part]) -> Billed:
    billed = Billed()
    for part in parts:
        billed = billed.plus(part)
    return billed


@settings(max_examples=500, deadline=None)
@given(orders(), st.data())
def test_credits_for_everything_give_back_what_was_invoiced(
    order: tuple[str, list[Billable], Decimal], data: st.DataObject
) -> None:
    currency, lines, _ = order
    for line in lines:
        billed = Billed(line.effective, line.total, line.discount, line.tax)
        left, credited = line.effective, Billed()
        while left:
            quantity = min(left, Decimal(data.draw(st.integers(1, max(1, int(left))))))
            part = credit_of(billed, line.unit_price, quantity, credited, currency)
            assert part is not None
            credited, left = credited.plus(part), left - quantity
        assert credited == billed
