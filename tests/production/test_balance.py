"""Weight is neither made nor lost between lots, jobs, scrap and waste, whatever people do."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.activity import records
from orderwright.inventory.taking import Wanted
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.production import actions, materials
from orderwright.production.stages import STAGE
from tests.inventory.books import contradictions
from tests.inventory.warehouse import rows as rows_of
from tests.production.workshop import Workshop, open_workshop

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("issue", "receive", "assign", "complete", "reopen", "cancel", "new")),
        st.integers(0, 2),
        st.integers(1, 40),
    ),
    min_size=4,
    max_size=14,
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

MADE = """
    SELECT coalesce(sum(weight_delta), 0) FROM inventory_movement WHERE action = 'receive_job'
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
            shop.issue(job, {made["grain"]: amount})
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


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
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
    grain = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 500)
    order = shop.issued({ring: 10})
    made = {"order": order, "grain": grain, "jobs": [shop.job(order)]}
    jobs = f"production_productionjob WHERE organization_id = '{shop.by.organization_id}'"
    for step in steps:
        try:
            with transaction.atomic():
                act(shop, made, step)
        except Refusal:
            continue
        issued = total(f"SELECT coalesce(sum(issued), 0) FROM {jobs}")
        left = total(f"SELECT quantity FROM inventory_lot WHERE id = '{grain}'")
        assert left + issued == 500
        came = total(f"SELECT coalesce(sum(received + rejected + scrapped), 0) FROM {jobs}")
        assert came == total(MADE)
    assert rows_of(JOBS_THAT_DO_NOT_ADD_UP) == []
    assert contradictions() == {}


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
