"""The pages of invoices: list, page, drafts, dialogs, payments; each refusal is a clear error."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.activity import bulk
from orderwright.identity import actions as identity
from orderwright.invoicing import actions, queries
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.queries import InvoiceFilter, PaymentFilter
from orderwright.kernel.numbers import trim
from tests.company import PASSWORD
from tests.invoicing.billing_desk import Billing, open_billing
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

ORDER = "/orders/sales/SO-00001"
AT = "/invoices/INV-00001"


@pytest.fixture
def desk() -> Billing:
    """A company that bills."""
    return open_billing()


@pytest.fixture
def web(desk: Billing) -> Client:
    """The founder's browser."""
    return signed_in(desk.company.email)


@pytest.fixture
def gem(desk: Billing) -> UUID:
    """A product for 10.00."""
    return desk.product(sku="GEM", name="Round Gem")


def all_invoices(desk: Billing) -> list[InvoicePage]:
    """Every invoice, newest first."""
    desk.company.enter()
    return queries.invoices(desk.by, InvoiceFilter())


def first(desk: Billing) -> InvoicePage:
    """The only invoice as it stands."""
    (found,) = all_invoices(desk)
    return found


def paid(desk: Billing) -> list[tuple[str, str, str]]:
    """Every payment: its amount, what of it settled invoices, what is left."""
    desk.company.enter()
    heads = [page.head for page in queries.payments(desk.by, PaymentFilter())]
    return [(trim(one.amount), trim(one.allocated), trim(one.open_credit)) for one in heads]


def text(response: Any, status: int = 200) -> str:
    """What a page says, one space between its words."""
    assert response.status_code == status, response.content.decode()[:3000]
    return " ".join(response.content.decode().split())


def post(web: Client, url: str, sent: Mapping[str, Any], status: int = 302) -> Any:
    """A form that was sent."""
    response = web.post(url, sent)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def draft_url(desk: Billing) -> str:
    """Where the only draft is."""
    return f"/invoices/{first(desk).id}"


def rows(invoice: InvoicePage, **quantities: str) -> dict[str, str]:
    """The fields of the lines of a draft, as its form sends them."""
    sent: dict[str, str] = {}
    for at, line in enumerate(invoice.lines):
        sent |= {
            f"lines.{at}.line_id": str(line.line_id),
            f"lines.{at}.quantity": quantities.get(f"q{at}", trim(line.quantity)),
            f"lines.{at}.description": line.description,
        }
    return sent


def test_every_page_of_invoices_opens(desk: Billing, web: Client, gem: UUID) -> None:
    order = desk.shipped({gem: 10})
    draft = desk.draft(order)
    other = desk.final(desk.shipped({gem: 4}))
    third = desk.issued({gem: 1})
    for page in (
        "/invoices",
        "/invoices?status=draft",
        "/invoices?status=overdue,sent&sort=-balance&q=inv",
        "/invoices?due_to=2026-12-01&open=yes&sort=due",
        "/invoices/new",
        f"/invoices/{draft.id}",
        *(f"/invoices/{draft.id}/{name}" for name in ("edit", "finalise", "void")),
        f"/invoices/{draft.id}/edit/preview?lines.0.quantity=3",
        f"/invoices/{other.head.number}",
        *(f"/invoices/INV-00001/{name}" for name in ("edit", "send", "remind", "void", "pay")),
        f"{ORDER}?tab=invoices",
        f"{ORDER}/invoice",
        f"{ORDER}/deposit",
        f"/orders/sales/{third.head.number}/invoice",
        f"/orders/sales/{third.head.number}/invoice?kind=deposit",
    ):
        text(web.get(page))


def test_a_draft_becomes_final_is_sent_and_paid(desk: Billing, web: Client, gem: UUID) -> None:
    line = str(desk.line(desk.shipped({gem: 10}), 1).id)
    told = text(web.get(ORDER))
    assert "Invoice what has shipped." in told
    form = text(web.get(f"{ORDER}/invoice"))
    assert 'value="10"' in form
    assert "$100.00" in form
    post(web, f"{ORDER}/invoice", {"lines.0.line_id": line, "lines.0.quantity": "10"})
    at = draft_url(desk)
    told = text(web.get(at))
    assert "Check the lines and finalise it." in told
    post(web, f"{at}/finalise", {"version": "1"})
    assert first(desk).head.number == "INV-00001"
    assert "Nobody is marked to get invoices" in text(web.get(AT))
    post(web, f"{AT}/send", {"recipients": "bea@acme.example", "message": "Thanks", "version": "2"})
    assert first(desk).head.sent_to == ["bea@acme.example"]
    assert "Waiting for payment." in text(web.get(AT))
    assert 'value="100"' in text(web.get(f"{AT}/pay"))
    typed = {"amount": "100", "date": "2026-03-02", "method": "wire", "reference": "T-1"}
    post(web, f"{AT}/pay", typed)
    told = text(web.get(AT))
    assert "Paid in full." in told
    assert "PAY-" in told
    assert paid(desk) == [("100", "100", "0")]
    assert "Paid in full" in text(web.get(f"{ORDER}?tab=invoices"))


def test_what_is_to_be_billed_is_priced_while_it_is_typed(
    desk: Billing, web: Client, gem: UUID
) -> None:
    order = desk.shipped({gem: 10})
    line = str(desk.line(order, 1).id)
    at = f"{ORDER}/invoice/preview?lines.0.line_id={line}&lines.0.quantity="
    assert "$40.00" in text(web.get(f"{at}4"))
    assert "that shipped and are not yet invoiced" in text(web.get(f"{at}11"))
    assert "Give a quantity of at least one line." in text(web.get(f"{at}0"))
    assert all_invoices(desk) == []


def test_a_part_is_billed_and_the_rest_later(desk: Billing, web: Client, gem: UUID) -> None:
    line = str(desk.line(desk.shipped({gem: 10}), 1).id)
    sent = {
        "lines.0.line_id": line,
        "lines.0.quantity": "4",
        "lines.0.description": "Four gems, as agreed",
    }
    post(web, f"{ORDER}/invoice", sent)
    (one,) = first(desk).lines
    assert (trim(one.quantity), one.description) == ("4", "Four gems, as agreed")
    rest = text(web.get(f"{ORDER}/invoice"))
    assert "4 invoiced before" in rest
    assert 'value="6"' in rest


def test_more_than_shipped_is_refused_beside_its_line_and_nothing_typed_is_lost(
    desk: Billing, web: Client, gem: UUID
) -> None:
    ring = desk.product(sku="RING", name="Ring")
    order = desk.shipped({gem: 10, ring: 2})
    first_line, second = (str(line.id) for line in order.lines if line.is_stock)
    sent = {
        "lines.0.line_id": first_line,
        "lines.0.quantity": "0",
        "lines.1.line_id": second,
        "lines.1.quantity": "3",
        "lines.1.description": "Rings, as typed",
    }
    told = text(post(web, f"{ORDER}/invoice", sent, 409), 409)
    assert 'id="e-lines.1.quantity"' in told
    assert "Line 2 has 2 pcs that shipped and are not yet invoiced." in told
    assert 'value="3"' in told
    assert "Rings, as typed" in told
    nonsense = sent | {"lines.1.quantity": "many"}
    assert 'id="e-lines.1.quantity"' in text(post(web, f"{ORDER}/invoice", nonsense, 422), 422)
    nothing = sent | {"lines.1.quantity": ""}
    assert "Nothing has shipped" in text(post(web, f"{ORDER}/invoice", nothing, 422), 422)
    assert all_invoices(desk) == []


def test_an_order_with_nothing_to_bill_says_so_and_what_would_allow_it(
    desk: Billing, web: Client, gem: UUID
) -> None:
    desk.issued({gem: 10})
    told = text(web.get(f"{ORDER}/invoice"))
    assert "Nothing has shipped that is not yet invoiced." in told
    assert "Bill a deposit" in told
    estimate = desk.order({gem: 1})
    told = text(web.get(f"/orders/sales/{estimate.head.number}/invoice"))
    assert "It is an estimate. Issue it first." in told
    refused = post(web, f"/orders/sales/{estimate.head.number}/invoice", {}, 422)
    assert "It is an estimate." in text(refused, 422)
    assert all_invoices(desk) == []


def test_a_new_invoice_begins_with_its_order(desk: Billing, web: Client, gem: UUID) -> None:
    order = desk.shipped({gem: 1})
    answer = post(web, "/invoices/new", {"order_id": str(order.id)})
    assert answer["Location"] == f"{ORDER}/invoice"
    none = text(post(web, "/invoices/new", {}, 422), 422)
    assert "Choose the order that is billed." in none
    unknown = {"order_id": str(desk.customer), "order_id_text": "SO-9"}
    told = text(post(web, "/invoices/new", unknown, 422), 422)
    assert "There is no such sales order." in told
    assert "SO-9" in told


def test_a_deposit_is_billed_ahead_and_taken_off_later(
    desk: Billing, web: Client, gem: UUID
) -> None:
    order = desk.issued({gem: 10})
    at = f"{ORDER}/invoice?kind=deposit"
    told = text(post(web, at, {"amount": "none", "description": "Half ahead"}, 422), 422)
    assert 'id="e-amount"' in told
    assert "Half ahead" in told
    post(web, at, {"amount": "50", "description": "Half ahead"})
    made = first(desk)
    assert (made.head.kind, made.lines[0].description) == ("deposit", "Half ahead")
    post(web, f"/invoices/{made.id}/finalise", {})
    desk.company.enter()
    desk.ship_all(order)
    told = text(web.get(f"{ORDER}/invoice"))
    assert "Deposit already invoiced" in told
    assert "-$50.00" in told
    assert "which stands" not in told


def test_a_draft_is_edited_and_a_final_one_only_in_its_due_date(
    desk: Billing, web: Client, gem: UUID
) -> None:
    made = desk.draft(desk.shipped({gem: 10}))
    at = f"/invoices/{made.id}"
    days = {"invoice_date": "2026-03-02", "due_date": "2026-04-01"}
    sent = {**rows(made, q0="6"), **days, "notes": "As agreed", "version": "1"}
    post(web, f"{at}/edit", sent)
    now = first(desk)
    assert (trim(now.lines[0].quantity), now.head.notes) == ("6", "As agreed")
    assert now.head.total == Decimal(60)
    early = {**rows(now), **days, "due_date": "2026-03-01", "notes": "Kept", "version": "2"}
    told = text(post(web, f"{at}/edit", early, 422), 422)
    assert 'id="e-due_date"' in told
    assert "Kept" in told
    late = {**rows(now), **days, "invoice_date": "2026-03-12", "notes": "As agreed", "version": "2"}
    post(web, f"{at}/edit", late)
    assert [str(first(desk).head.due_date), trim(first(desk).lines[0].quantity)] == [
        "2026-04-11",
        "6",
    ]
    post(web, f"{at}/finalise", {"version": "3"})
    assert "lines.0.quantity" not in text(web.get(f"{AT}/edit"))
    post(web, f"{AT}/edit", {"due_date": "2026-05-01", "version": "4"})
    assert str(first(desk).head.due_date) == "2026-05-01"


def test_what_somebody_saved_meanwhile_is_merged_with_what_was_typed(
    desk: Billing, web: Client, gem: UUID
) -> None:
    made = desk.draft(desk.shipped({gem: 10}))
    at = f"/invoices/{made.id}/edit"
    form = text(web.get(at))
    before = form.partition('name="_before" value="')[2].partition('"')[0].replace("&quot;", '"')
    desk.company.enter()
    actions.edit_invoice(by=desk.by, invoice=made.id, changes={"notes": "Theirs"})
    sent = {
        **rows(made, q0="7"),
        "invoice_date": "2026-03-02",
        "due_date": "2026-04-01",
        "notes": "",
        "version": "1",
        "_before": before,
    }
    told = text(post(web, at, sent, 409), 409)
    assert "Somebody saved this meanwhile." in told
    assert "Theirs" in told
    assert 'value="7"' in told
    assert trim(first(desk).lines[0].quantity) == "10"
    post(web, at, {**sent, "notes": "Theirs", "version": "2"})
    assert (trim(first(desk).lines[0].quantity), first(desk).head.notes) == ("7", "Theirs")


def test_without_a_recipient_nothing_is_sent(desk: Billing, web: Client, gem: UUID) -> None:
    desk.final(desk.shipped({gem: 10}))
    sent = {"recipients": "", "message": "Please pay soon", "version": "2"}
    told = text(post(web, f"{AT}/send", sent, 422), 422)
    assert 'id="e-recipients"' in told
    assert "Please pay soon" in told
    wrong = {**sent, "recipients": "bea@acme.example; not-an-address"}
    told = text(post(web, f"{AT}/send", wrong, 422), 422)
    assert 'id="e-recipients"' in told
    assert "bea@acme.example; not-an-address" in told
    none = {"recipients": "", "version": "2"}
    assert 'id="e-recipients"' in text(post(web, f"{AT}/remind", none, 422), 422)
    assert (first(desk).head.step, first(desk).head.reminders) == ("finalised", 0)
    post(web, f"{AT}/remind", {"recipients": "bea@acme.example", "version": "2"})
    assert first(desk).head.reminders == 1


def test_who_gets_an_invoice_is_filled_in_from_the_orders_contacts(
    desk: Billing, web: Client, gem: UUID
) -> None:
    bea = {"first_name": "Bea", "last_name": "Moss", "email": "bea@acme.example"}
    post(web, f"/customers/{desk.customer}/contacts/new", {**bea, "invoice": "on"})
    desk.company.enter()
    desk.final(desk.shipped({gem: 10}))
    assert 'value="bea@acme.example"' in text(web.get(f"{AT}/send"))
    assert "It goes to bea@acme.example." in text(web.get(AT))


def test_an_invoice_is_voided_with_a_reason_and_its_money_is_open_credit(
    desk: Billing, web: Client, gem: UUID
) -> None:
    desk.pay(desk.final(desk.shipped({gem: 10})), "30")
    told = text(web.get(f"{AT}/void"))
    assert "$30.00 of PAY-" in told
    assert "open credit again" in told
    version = str(first(desk).head.version)
    none = text(post(web, f"{AT}/void", {"reason": " ", "version": version}, 422), 422)
    assert 'id="e-reason"' in none
    assert first(desk).head.step == "finalised"
    post(web, f"{AT}/void", {"reason": "Wrong customer", "version": version})
    assert first(desk).head.step == "void"
    assert paid(desk) == [("30", "0", "30")]
    told = text(web.get(AT))
    assert "Wrong customer" in told
    for name in ("send", "pay", "void", "edit", "finalise"):
        refused = text(web.get(f"{AT}/{name}"), 409)
        assert "void" in refused


def test_more_than_the_balance_is_recorded_after_a_yes_and_says_what_stays(
    desk: Billing, web: Client, gem: UUID
) -> None:
    desk.final(desk.shipped({gem: 10}))
    typed = {"amount": "130", "date": "2026-03-02", "method": "check", "reference": "No. 7"}
    told = text(post(web, f"{AT}/pay", typed, 409), 409)
    assert 'value="overpay"' in told
    assert "<b>$30.00</b> stay as open credit" in told
    assert "No. 7" in told
    assert paid(desk) == []
    post(web, f"{AT}/pay", {**typed, "confirm": "overpay"})
    assert paid(desk) == [("130", "100", "30")]
    assert "$30.00 stay as open credit." in text(web.get(AT))
    refused = text(web.get(f"{AT}/pay"), 409)
    assert "This invoice is paid." in refused


@pytest.mark.parametrize(
    ("field", "value"),
    [("amount", ""), ("amount", "0"), ("amount", "ten"), ("method", ""), ("date", "yesterday")],
)
def test_a_senseless_payment_is_refused_beside_its_field(
    desk: Billing, web: Client, gem: UUID, field: str, value: str
) -> None:
    desk.final(desk.shipped({gem: 10}))
    typed = {"amount": "10", "date": "2026-03-02", "method": "wire", "reference": "Slip 12"}
    told = text(post(web, f"{AT}/pay", {**typed, field: value}, 422), 422)
    assert f'id="e-{field}"' in told
    assert "Slip 12" in told
    assert paid(desk) == []


def test_a_deposit_counts_as_paid_on_its_order(desk: Billing, web: Client, gem: UUID) -> None:
    order = desk.issued({gem: 10})
    assert 'value="100"' in text(web.get(f"{ORDER}/deposit"))
    typed = {"amount": "40", "date": "2026-03-02", "method": "credit_card"}
    wrong = text(post(web, f"{ORDER}/deposit", {**typed, "amount": "-4"}, 422), 422)
    assert 'id="e-amount"' in wrong
    post(web, f"{ORDER}/deposit", typed)
    assert desk.money(order) == ("issued", "partially_paid")
    told = text(web.get(f"{ORDER}?tab=invoices"))
    assert "PAY-00001" in told
    assert "$40.00 not allocated" in told


def test_somebody_who_only_reads_sees_why_nothing_can_be_done(
    desk: Billing, gem: UUID, client: Client
) -> None:
    made = desk.final(desk.shipped({gem: 10}))
    identity.create_user(by=desk.by, email="sal@works.example", role="Sales", password=PASSWORD)
    client.post("/sign-in", {"email": "sal@works.example", "password": PASSWORD})
    told = text(client.get(AT))
    assert "Your role does not allow this; it needs invoices:update." in told
    assert "Your role does not allow this; it needs payments:create." in told
    assert client.post(f"{AT}/void", {"reason": "No"}).status_code == 409
    assert client.get("/invoices/new").status_code == 403
    assert first(desk).head.version == made.head.version


def test_pages_cost_the_same_however_long_the_invoice(
    desk: Billing, web: Client, gem: UUID
) -> None:
    def statements(url: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            text(web.get(url))
        return len(captured)

    desk.final(desk.shipped({gem: 1}))
    more = {desk.product(sku=f"P{n}"): 2 for n in range(12)}
    desk.final(desk.shipped(more))
    few = [
        statements(url) for url in ("/invoices/INV-00001", "/orders/sales/SO-00001?tab=invoices")
    ]
    many = [
        statements(url) for url in ("/invoices/INV-00002", "/orders/sales/SO-00002?tab=invoices")
    ]
    assert few == many
    before = statements("/invoices")
    for _ in range(3):
        desk.company.enter()
        desk.final(desk.shipped({gem: 1}))
    assert statements("/invoices") == before


def test_many_invoices_are_finalised_at_once_and_what_cannot_be_is_said(
    desk: Billing, web: Client, gem: UUID
) -> None:
    drafts = [desk.draft(desk.shipped({gem: 1})).id for _ in range(2)]
    final = desk.final(desk.shipped({gem: 1}))
    told = text(web.post("/lists/invoices/bulk/finalise", {"id": [str(one) for one in drafts]}))
    assert "will get a number" in told
    desk.company.enter()
    bulk.start(
        by=desk.by,
        action=bulk.bulk_action("invoices", "finalise"),
        ids=[*drafts, final.id],
        parameters={},
    )
    assert [page.head.number for page in all_invoices(desk)] == [
        "INV-00001",
        "INV-00003",
        "INV-00002",
    ]
    assert first_version(desk, final.id) == final.head.version


def first_version(desk: Billing, invoice_id: UUID) -> int:
    """The version of an invoice as it stands."""
    desk.company.enter()
    return queries.read_invoice(desk.by, invoice_id).head.version


def test_the_list_is_exported_with_what_is_due(desk: Billing, web: Client, gem: UUID) -> None:
    invoice = desk.final(desk.shipped({gem: 10}))
    desk.pay(invoice, "25")
    answer: Any = web.get("/lists/invoices/export.csv")
    told = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert told == [
        "Number,Order,Customer,Status,Invoiced,Due,Total,Currency,Allocated,Balance",
        "INV-00001,SO-00001,Acme,Overdue,2026-03-02,2026-04-01,100,USD,25,75",
    ]


def test_the_list_is_narrowed_by_what_people_see_and_sorted(
    desk: Billing, web: Client, gem: UUID
) -> None:
    small, large = (desk.final(desk.shipped({gem: count})) for count in (1, 9))
    desk.draft(desk.shipped({gem: 2}))
    desk.pay(small, "10")

    def numbers(query: str) -> list[str]:
        told = text(web.get(f"/invoices?{query}"))
        found = (part.partition('"')[0] for part in told.split('href="/invoices/INV-')[1:])
        return [f"INV-{number}" for number in found]

    assert numbers("status=paid") == ["INV-00001"]
    assert numbers("status=overdue") == ["INV-00002"]
    assert numbers("open=yes") == ["INV-00002"]
    assert numbers("sort=total") == ["INV-00001", "INV-00002"]
    assert numbers("sort=-balance") == ["INV-00002", "INV-00001"]
    assert numbers(f"q={large.head.order_number}") == ["INV-00002"]
    assert web.get("/invoices?status=late").status_code == 422


def test_an_invoice_is_found_by_its_number(desk: Billing, web: Client, gem: UUID) -> None:
    made = desk.final(desk.shipped({gem: 1}))
    for typed in ("INV-00001", "inv 1", "inv00001", "INV-OOOO1"):
        assert f'href="/invoices/{made.id}"' in text(web.get(f"/search?q={typed}"))


def test_orders_that_wait_for_an_invoice_are_offered(desk: Billing, web: Client, gem: UUID) -> None:
    desk.shipped({gem: 10})
    desk.final(desk.shipped({gem: 1}))
    desk.issued({gem: 2})
    told = text(web.get("/invoices/new"))
    offered = [part.partition("/invoice")[0] for part in told.split('href="/orders/sales/')[1:]]
    assert offered == ["SO-00001"]
    assert "1 line, about $100.00" in told
