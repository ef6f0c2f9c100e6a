"""What notes ask for is proposed, and what a person makes of it is learned; nothing is ordered."""

from typing import Any
from uuid import UUID

import pytest

from orderwright.activity.models import Event
from orderwright.extraction import actions
from orderwright.extraction.models import Extraction
from orderwright.kernel.errors import Forbidden, Invalid, NotFound
from orderwright.sales.models import SalesOrder
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


def shop() -> tuple[Desk, UUID, UUID]:
    """A desk that sells diamonds and rings."""
    desk = open_desk()
    diamond = desk.product(sku="RD", name="Round Diamond")
    ring = desk.product(sku="GR", name="Gold Ring")
    return desk, diamond, ring


def propose(desk: Desk, notes: str, **fields: Any) -> dict[str, Any]:
    return actions.propose(by=desk.by, notes=notes, **fields)


def rows_of(proposal: dict[str, Any]) -> list[tuple[str | None, str | None]]:
    return [(row["product"] and row["product"]["sku"], row["quantity"]) for row in proposal["rows"]]


def test_a_proposal_is_kept_and_nothing_is_ordered() -> None:
    desk, *_ = shop()
    proposal = propose(desk, "25 round diamond, 10 gold rings")
    assert rows_of(proposal) == [("RD", "25"), ("GR", "10")]
    kept = Extraction.objects.of(desk.by.organization_id).get()
    assert (str(kept.pk), kept.notes) == (proposal["id"], "25 round diamond, 10 gold rings")
    assert SalesOrder.objects.of(desk.by.organization_id).count() == 0


def test_a_phrase_that_was_corrected_once_is_right_the_next_time_for_this_customer() -> None:
    desk, _, ring = shop()
    notes = "10 pcs moonlight"
    first = propose(desk, notes, customer_id=desk.customer)
    assert rows_of(first) == [(None, "10")]
    row = {**first["rows"][0], "product": {"id": str(ring)}}
    actions.accept(by=desk.by, extraction_id=UUID(first["id"]), rows=[row])
    again = propose(desk, notes, customer_id=desk.customer)
    assert rows_of(again) == [("GR", "10")]


def test_accepted_rows_are_lines_that_an_order_takes() -> None:
    desk, diamond, _ = shop()
    proposal = propose(desk, "25 pcs round diamond 1.2mm")
    accepted = actions.accept(by=desk.by, extraction_id=UUID(proposal["id"]), rows=proposal["rows"])
    (line,) = accepted["lines"]
    assert (line["product_id"], line["quantity"], line["size"]) == (str(diamond), "25", "1.2 mm")
    kept = Extraction.objects.of(desk.by.organization_id).get()
    assert kept.accepted_at is not None
    assert Event.objects.of(desk.by.organization_id).filter(type="extraction.accepted").count() == 1


def test_what_is_accepted_names_a_product_of_ours() -> None:
    desk, *_ = shop()
    proposal = propose(desk, "5 gold rings")
    theirs = open_desk(name="Theirs", email="bo@theirs.example")
    foreign = theirs.product(sku="X")
    desk.company.enter()
    with pytest.raises(Invalid) as caught:
        actions.accept(
            by=desk.by,
            extraction_id=UUID(proposal["id"]),
            rows=[{"product_id": str(foreign), "quantity": 1}],
        )
    assert list(caught.value.fields) == ["rows.0.product"]


def test_an_extraction_of_another_organization_is_not_there() -> None:
    theirs = open_desk(name="Theirs", email="bo@theirs.example")
    theirs.product(sku="GR", name="Gold Ring")
    proposal = propose(theirs, "5 gold rings")
    desk, _, ring = shop()
    with pytest.raises(NotFound):
        actions.accept(
            by=desk.by,
            extraction_id=UUID(proposal["id"]),
            rows=[{"product_id": str(ring), "quantity": 1}],
        )


def test_a_new_product_is_found_at_once() -> None:
    desk, *_ = shop()
    assert rows_of(propose(desk, "3 pearl necklace")) != [("PN", "3")]
    desk.product(sku="PN", name="Pearl Necklace")
    assert rows_of(propose(desk, "3 pearl necklace")) == [("PN", "3")]


def test_who_may_not_order_may_not_propose() -> None:
    desk, *_ = shop()
    with pytest.raises(Forbidden):
        propose(desk.acting_as("Warehouse"), "5 gold rings")


def test_a_proposal_costs_a_constant_number_of_statements() -> None:
    desk, *_ = shop()
    propose(desk, "1 gold ring")
    found = []
    for notes in ("5 gold rings", "\n".join(["5 gold rings, 3 round diamond"] * 20)):
        with counted() as statements:
            propose(desk, notes, customer_id=desk.customer)
        found += statements
    assert found == [3, 3]
