"""A purchase order as its supplier gets it: on paper, and by e-mail, once."""

import pytest
from django.core import mail

from orderwright.documents import actions, queries, texts
from orderwright.documents.letterheads import letterhead
from orderwright.documents.purchase_document import document_of, title_of
from orderwright.kernel.ids import new_id
from orderwright.purchasing.new_lines import NewLine
from tests.purchasing.buying import Buying, open_buying

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Buying:
    """A company with a supplier."""
    return open_buying()


def test_it_lists_what_is_wanted_and_prices_only_for_who_may_see_them(desk: Buying) -> None:
    gem = desk.product(sku="GEM", name="Round Gem")
    line = NewLine(product_id=gem, quantity="12", unit_price="4.25", quality="VS")
    page = desk.order([line], internal_note="Margin is thin", supplier_reference="Q-7")
    whole = document_of(page, letterhead(desk.by), with_prices=True)
    assert title_of(page) == "Request for quote"
    assert whole["rows"] == [
        {"cells": ["1", "Round Gem", "12 pcs", "4.25", "51.00"], "sku": "GEM", "detail": "VS"}
    ]
    assert whole["totals"] == [["Total", "51.00 USD"]]
    assert "Margin is thin" not in str(whole)
    plain = document_of(page, letterhead(desk.by), with_prices=False)
    assert plain["rows"][0]["cells"] == ["1", "Round Gem", "12 pcs"]
    assert plain["totals"] == []
    assert queries.purchase_document_of(desk.by, page.id).content.startswith(b"%PDF")


def test_an_issued_order_is_mailed_once_with_its_document(desk: Buying) -> None:
    page = desk.ordered({desk.product(sku="GEM", name="Round Gem"): 10})
    event = new_id()
    for _ in range(2):
        actions.send_purchase_order(by=desk.by, order_id=page.id, event_id=event)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["orders@rough.example"],
        "Purchase order PO-00001",
    )
    assert "10 pcs    Round Gem" in texts.purchase_order(page, "Works")[1]
    ((name, _, kind),) = message.attachments
    assert (name, kind) == ("purchase-order-PO-00001.pdf", "application/pdf")


def test_an_order_that_is_gone_is_not_mailed(desk: Buying) -> None:
    actions.send_purchase_order(by=desk.by, order_id=new_id(), event_id=new_id())
    assert mail.outbox == []
