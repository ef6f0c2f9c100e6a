"""Weight is neither made nor lost between lots, jobs, scrap and waste, whatever people do."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.activity import records
from orderwright.directory.suppliers import SUPPLIER
from orderwright.inventory.taking import Wanted
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.production import actions, materials
from orderwright.production.stages import STAGE
from orderwright.purchasing import reversing
from orderwright.purchasing.reversing import Reversal
from tests.inventory.books import contradictions
from tests.inventory.warehouse import rows as rows_of
from tests.production.workshop import Workshop, open_workshop
from tests.purchasing.buying import Buying

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "issue",
                "receive",
                "assign",
                "complete",
                "reopen",
                "cancel",
                "new",
                "carats",
                "buy",
                "send back",
            )
        ),
        st.integers(0, 2),
        st.integers(1, 40),
    ),
    min_size=4,
    max_size=20,
)

JOBS_THAT_DO_NOT_ADD_UP = """
    SELECT j.number FROM production_productionjob j
    LEFT JOIN LATERAL (SELECT coalesce(sum(i.counted), 0) AS counted FROM production_jobinput i
        WHERE i.job_id = j.id AND i.returned_at IS NULL) i ON true
    LEFT JOIN LATERAL (SELECT coalesce(sum(o.received), 0) AS received,
            coalesce(sum(o.rejected), 0) AS rejected, coalesce(sum(o.scrapped), 0) AS scrapped,
            coalesce(sum(o.waste), 0) AS waste
        FROM production_jobreceiptrow o JOIN production_jobreceipt r ON r.id = o.receipt_id
        WHERE r.job_id = j.id) o ON true
    WHERE (j.issued, j.received, j.rejected, j.scrapped, j.waste)
       <> (i.counted, o.received, o.rejected, o.scrapped, o.waste)"""

# Weights of lots and jobs in grams, whatever their unit: 5 ct are 1 g.
MADE = """
    SELECT coalesce(sum(m.weight_delta / CASE l.weight_unit WHEN 'ct' THEN 5 ELSE 1 END), 0)
    FROM inventory_movement m JOIN inventory_lot l ON l.id = m.lot_id
    WHERE m.action = 'receive_job'
"""
IN_GRAMS = """
    SELECT coalesce(sum(({}) / CASE weight_unit WHEN 'ct' THEN 5 ELSE 1 END), 0)
    FROM production_productionjob WHERE {}
"""


def total(statement: str) -> Decimal:
    """One figure of the database."""
    return Decimal(rows_of(statement)[0][0])


def act(shop: Workshop, made: dict[str, Any], step: tuple[str, int, int]) -> None:
    """One step of somebody; what is refused changes nothing."""
    name, which, amount = step
    job = made["jobs"][which % len(made["jobs"])]
    match name:
        case "issue":
            lots = made["lots"]
            shop.issue(job, {lots[amount % len(lots)]: amount})
        case "receive" | "assign":
            part = Decimal(amount) / 10
            shop.receive(
                job,
                pieces=1,
                received=part,
                rejected=part / 10,
                scrap=part / 20,
                wasted=part / 40,
                assign_to_line=name == "assign",
                confirmed=frozenset({"over_base"}),
            )
        case "complete":
            actions.complete_job(by=shop.by, job=job.id)
        case "reopen":
            actions.reopen_job(by=shop.by, job=job.id)
        case "cancel":
            actions.cancel_job(by=shop.by, job=job.id)
        case "new":
            made["jobs"].append(shop.job(made["order"]))
        case "carats":
            made["jobs"].append(shop.job(made["order"], weight_unit="ct"))
        case "buy":
            receipt = made["desk"].receive(made["bought"], {1: amount})
            made["receipts"].append(receipt)
            made["lots"].append(receipt.lines[0].lot_id)
        case "send back":
            receipts = made["receipts"]
            if receipts:
                receipt = receipts[which % len(receipts)]
                reversal = Reversal(receipt.id)
                reversing.reverse_receipt(by=shop.by, order=receipt.order_id, reversal=reversal)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_weight_is_neither_made_nor_lost(steps: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        walk(steps)
        transaction.set_rollback(True)


def walk(steps: list[tuple[str, int, int]]) -> None:
    """One company from its first job on; after each step its weights add up."""
    shop = open_workshop()
    ring = shop.product(is_manufactured=True, weight_per_unit="3", weight_unit="g")
    metal = shop.product(sku="AG", default_unit="g", weight_unit="g")
    grain = shop.lot(metal, 500)
    order = shop.issued({ring: 10})
    supplier = records.create(by=shop.by, kind=SUPPLIER, sent={"name": "Rough & Sons"})
    desk = Buying(shop.company, shop.by, supplier)
    made = {
        "order": order,
        "lots": [grain],
        "jobs": [shop.job(order)],
        "desk": desk,
        "bought": desk.ordered({metal: 1000}),
        "receipts": [],
    }
    organization = f"organization_id = '{shop.by.organization_id}'"
    for step in steps:
        try:
            with transaction.atomic():
                act(shop, made, step)
        except Refusal:
            continue
        check(organization, metal)
    assert rows_of(JOBS_THAT_DO_NOT_ADD_UP) == []
    assert contradictions() == {}


def check(organization: str, metal: UUID) -> None:
    """What was there, and what was bought and kept, lies in lots or is in a job; and what came of
    the jobs lies in lots of good output, rejects and scrap."""
    bought = total(
        "SELECT coalesce(sum(l.quantity), 0) FROM purchasing_receiptline l"
        " JOIN purchasing_receipt r ON r.id = l.receipt_id WHERE r.reversed_at IS NULL"
    )
    left = total(
        "SELECT coalesce(sum(quantity), 0) FROM inventory_lot"
        f" WHERE product_id = '{metal}' AND source <> 'production_receipt'"
    )
    assert left + total(IN_GRAMS.format("issued", organization)) == 500 + bought
    came = total(IN_GRAMS.format("received + rejected + scrapped", organization))
    assert came == total(MADE)


def test_a_stage_takes_only_the_types_that_it_names_when_the_setting_says_so() -> None:
    shop = open_workshop()
    ring = shop.product(is_manufactured=True)
    metal = shop.product(sku="AG", default_unit="g", weight_unit="g")
    raw = shop.lot(metal, 100, inventory_type="Raw material")
    used = shop.lot(metal, 100, inventory_type="Finished")
    cast = records.create(
        by=shop.by, kind=STAGE, sent={"name": "Cast", "inventory_types": ["Raw Material"]}
    )
    job = shop.job(shop.issued({ring: 1}), stage_id=cast)
    shop.issue(job, {used: 1})
    chosen = {"production.enforce_inventory_types": True}
    by = replace(shop.by, organization=replace(shop.by.organization, settings=chosen))
    with pytest.raises(Invalid) as refused:
        materials.issue_material(
            by=by, job=job.id, inputs=[Wanted(used, weight="1", field="inputs.0.")]
        )
    assert refused.value.code == "wrong_inventory_type"
    assert set(refused.value.fields) == {"inputs.0.lot_id"}
    materials.issue_material(by=by, job=job.id, inputs=[Wanted(raw, weight="1")])
    assert shop.seen_job(job).head.issued == 2
