"""Reports of money: what was invoiced, to whom, and what is still owed."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.invoicing.receivables import aging_with_credit
from orderwright.invoicing.rules import BUCKETS, InvoiceFacts, status_of
from orderwright.kernel.numbers import ZERO, exact
from orderwright.production.metrics import percent
from orderwright.reporting.reports import Field, Report, Row, named, summed_count, summed_money

# Final invoices by their date, less the credit memos by theirs.
_REVENUE: Final = """
    SELECT c.name, moved.currency, sum(invoices), sum(net), sum(tax), sum(total), sum(credited),
        sum(total - credited)
    FROM (
        SELECT customer_id, currency, count(*) AS invoices, sum(total - tax) AS net,
            sum(tax) AS tax, sum(total) AS total, 0 AS credited
        FROM invoicing_invoice
        WHERE organization_id = %(organization)s AND status IN ('finalised', 'sent')
          AND (%(first)s::date IS NULL OR invoice_date >= %(first)s)
          AND (%(last)s::date IS NULL OR invoice_date <= %(last)s)
        GROUP BY customer_id, currency
        UNION ALL
        SELECT customer_id, currency, 0, 0, 0, 0, sum(amount)
        FROM invoicing_payment
        WHERE organization_id = %(organization)s AND type = 'credit_memo'
          AND (%(first)s::date IS NULL OR payment_date >= %(first)s)
          AND (%(last)s::date IS NULL OR payment_date <= %(last)s)
        GROUP BY customer_id, currency) AS moved
    JOIN directory_customer c ON c.organization_id = %(organization)s AND c.id = moved.customer_id
    GROUP BY c.id, c.name, moved.currency
    ORDER BY sum(total - credited) DESC, c.name LIMIT %(most)s
"""
_INVOICES: Final = """
    SELECT i.number, i.order_number, c.name, i.invoice_date, i.due_date, i.status, i.total - i.tax,
        i.tax, i.total, i.allocated, i.total - i.allocated, i.currency
    FROM invoicing_invoice i
    JOIN directory_customer c ON c.organization_id = i.organization_id AND c.id = i.customer_id
    WHERE i.organization_id = %(organization)s AND i.status IN ('finalised', 'sent')
      AND (%(first)s::date IS NULL OR i.invoice_date >= %(first)s)
      AND (%(last)s::date IS NULL OR i.invoice_date <= %(last)s)
    ORDER BY i.invoice_date DESC, i.id DESC LIMIT %(most)s
"""


def _revenue(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """Each customer with its share of what all of them paid in its currency."""
    names = "customer currency invoices net tax total credited revenue"
    rows: list[Row] = named(*names.split())(by, found)
    whole: dict[str, Decimal] = {}
    with exact():
        for row in rows:
            whole[row["currency"]] = whole.get(row["currency"], ZERO) + row["revenue"]
    for row in rows:
        row["share"] = percent(row["revenue"], whole[row["currency"]])
    return rows


def _invoices(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    names = "number order customer invoiced_on due status net tax total paid balance currency"
    rows: list[Row] = named(*names.split())(by, found)
    for row in rows:
        facts = InvoiceFacts(row["status"], row["total"], row["paid"], row["due"])
        row["status"] = status_of(facts, by.today)
        row["late"] = _days_late(row["due"], by.today) if row["status"] == "overdue" else None
    return rows


def _days_late(due: date, today: date) -> Decimal:
    return Decimal((today - due).days)


def _aging(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
    """What is owed today by age of the invoices (domain 3.7); read by invoicing itself."""
    return [
        {
            "customer": one.customer_name,
            "currency": one.currency,
            **one.buckets,
            "total": one.total,
            "credit": one.credit,
            "net": one.net,
        }
        for one in aging_with_credit(by)
    ]


MONEY: Final = (
    Report(
        key="revenue-by-customer",
        title="Revenue by customer",
        about="What was invoiced to each customer, less what was credited.",
        icon="report-money",
        permissions=("invoices:read", "payments:read", "customers:read"),
        statement=_REVENUE,
        fields=(
            Field("customer", "Customer"),
            summed_count("invoices", "Invoices"),
            summed_money("net", "Before tax"),
            summed_money("tax", "Tax"),
            summed_money("total", "Invoiced"),
            summed_money("credited", "Credited"),
            summed_money("revenue", "Revenue"),
            Field("share", "Share", "percent"),
        ),
        read=_revenue,
        chart=("customer", "revenue"),
    ),
    Report(
        key="invoice-summary",
        title="Invoice summary",
        about="Every invoice by its date, what was paid of it, and how late the rest is.",
        icon="file-invoice",
        permissions=("invoices:read", "customers:read"),
        statement=_INVOICES,
        fields=(
            Field("number", "Invoice", address="/invoices/{}"),
            Field("order", "Order", address="/orders/sales/{}"),
            Field("customer", "Customer"),
            Field("invoiced_on", "Date", "day"),
            Field("due", "Due", "day"),
            Field("status", "Status", words="invoice"),
            summed_money("net", "Before tax"),
            summed_money("tax", "Tax"),
            summed_money("total", "Total"),
            summed_money("paid", "Paid"),
            summed_money("balance", "Balance"),
            Field("late", "Days late", "days"),
        ),
        read=_invoices,
        chart=("invoiced_on", "total"),
        shape="line",
    ),
    Report(
        key="receivables-aging",
        title="Receivables aging",
        about="What each customer owes today, by the age of its invoices.",
        icon="hourglass",
        permissions=("invoices:read", "payments:read", "customers:read"),
        statement="",
        fields=(
            Field("customer", "Customer"),
            *(summed_money(bucket, f"{bucket} days") for bucket, _ in BUCKETS),
            summed_money("total", "Total"),
            summed_money("credit", "Open credit"),
            summed_money("net", "Net"),
        ),
        read=_aging,
        is_dated=False,
        chart=("customer", "total"),
    ),
)
