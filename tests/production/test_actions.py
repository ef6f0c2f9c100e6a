"""Jobs and runs: material followed by weight from issue to receipt (domain 4.5, 4.16, 8.5)."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from orderwright.activity import records
from orderwright.inventory.taking import Wanted
from orderwright.kernel.errors import Refusal
from orderwright.production import actions, materials, queries, receiving, runs
from orderwright.production.metrics import shown
from orderwright.production.outputs import Output
from orderwright.production.stages import STAGE
from orderwright.sales import actions as sales
from orderwright.sales import removal
from orderwright.sales.page import OrderPage
from tests.inventory.books import contradictions
from tests.production.workshop import Workshop, open_workshop

pytestmark = pytest.mark.django_db


def refusal_of(call: object, *args: object, **given: object) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*args, **given)  # type: ignore[operator]
    return refused.value


def ring_shop() -> tuple[Workshop, object, object]:
    """A workshop with a silver ring of 3 g and 100 g of silver grain."""
    shop = open_workshop()
    ring = shop.product(
        sku="RING",
        base_price="40.00",
        is_manufactured=True,
        weight_per_unit=Decimal(3),
        weight_unit="g",
    )
    grain = shop.product(sku="AG", default_unit="g", weight_unit="g")
    return shop, ring, shop.lot(grain, 100, tag_id="AG0001")


def order_figures(shop: Workshop, order: OrderPage) -> dict[str, object]:
    found = queries.production_of(shop.by, order.id).metrics
    assert found is not None
    chips = found.efficiency
    return {
        "base": found.base,
        "final": found.final_output,
        "net": found.net_input,
        "chips": [
            shown(one)
            for one in (chips.output, chips.gross_waste, chips.net_waste, chips.consumption)
        ],
    }


def test_the_walk_from_the_run_to_rings_that_are_ready_to_ship() -> None:
    shop, ring, silver = ring_shop()
    gem = shop.product(sku="GEM", base_price="12.50")
    shop.lot(gem, 600, weight="120", tag_id="GEM0001")
    shop.lot(gem, 200, weight="40", tag_id="GEM0002")
    order = shop.order({gem: 750, ring: 10})

    run = shop.run(order)
    (job,) = run.jobs
    assert (run.head.status, run.skipped) == ("pending", (1,))
    assert (job.pieces_requested, job.weight_requested, job.weight_unit) == (10, 30, "g")
    assert refusal_of(shop.run, order).code == "run_exists"

    sales.issue_order(by=shop.by, order=order.id)
    assert shop.statuses(order) == ["not_started", "backordered"]

    shop.issue(job.id, {silver: 32})
    assert shop.statuses(order) == ["not_started", "in_progress"]
    assert shop.stages(order)[1] == "in_production"
    assert queries.run_page(shop.by, run.id).head.status == "in_progress"

    done = shop.receive(
        job.id, pieces=10, received=28, rejected="0.5", scrap=1, wasted="0.5", assign_to_line=True
    )
    assert (done.head.status, done.head.metrics().pending) == ("completed", 0)
    assert queries.run_page(shop.by, run.id).head.status == "completed"
    assert shop.chips(job.id) == ["95.0", "5.0", "1.7", "5.3"]
    assert order_figures(shop, order) == {
        "base": 30,
        "final": Decimal("28.5"),
        "net": 32,
        "chips": ["89.1", "4.7", "1.6", "5.3"],
    }
    assert shop.statuses(order) == ["not_started", "production_completed"]
    assert shop.line(shop.read(order), 2).retrieved == 10
    assert shop.lots_of(ring) == {
        "AG0001-RCV1": ("0", "0", "retrieved_out"),
        "AG0001-REJ1": ("0", "0.5", "rejected"),
        "AG0001-SCRAP1": ("0", "1", "scrap"),
    }
    assert contradictions() == {}


def test_without_a_requested_weight_what_was_issued_is_the_base() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    job = shop.job(order, inputs={silver: 40})
    assert (job.head.status, job.head.issued, job.head.first_tag) == ("ongoing", 40, "AG0001")
    found = shop.receive(job, pieces=5, received=15, wasted=1)
    assert (found.head.status, found.head.metrics().pending) == ("ongoing", 24)
    assert found.head.gap == 24


def test_output_that_nobody_assigns_covers_the_backordered_line() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    assert shop.statuses(order) == ["backordered"]
    job = shop.job(order, inputs={silver: 30})
    shop.receive(job, pieces=10, received=30)
    line = shop.line(shop.read(order))
    assert (line.status, line.covered, line.retrieved) == ("production_completed", 10, 0)
    assert shop.figures(ring) == {
        "on_hand": "10",
        "reserved": "10",
        "short": "0",
        "available": "0",
    }


def test_only_what_the_line_needs_is_assigned() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 4})
    job = shop.job(order, inputs={silver: 30})
    shop.receive(job, pieces=10, received=30, assign_to_line=True)
    line = shop.line(shop.read(order))
    assert (line.retrieved, line.outstanding) == (4, 4)
    assert shop.figures(ring)["on_hand"] == "6"
    assert contradictions() == {}


def test_weights_of_other_units_are_the_same_weights() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    job = shop.job(order, weight_unit="ct")
    shop.issue(job, {silver: 20})
    assert shop.seen_job(job).head.issued == 100
    found = shop.receive(job, received="0.018", wasted="0.002", unit="kg", pieces=6)
    assert (found.head.received, found.head.waste, found.head.status) == (90, 10, "completed")


def test_two_stages_add_up_to_the_figures_of_the_order() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    first = shop.job(order, inputs={silver: 100})
    made = shop.receive(
        first, pieces=10, received=88, rejected=2, scrap=6, wasted=4, received_on=shop.by.today
    )
    assert shop.statuses(order) == ["production_completed"]
    preform = made.receipts[0].rows[0].lot_id
    assert preform is not None
    second = shop.job(order, stage_id=shop.polish, inputs={preform: 88})
    assert shop.statuses(order) == ["in_progress"]
    shop.receive(second, pieces=9, received=80, rejected=3, scrap=2, wasted=3)
    assert order_figures(shop, order) == {
        "base": 188,
        "final": 83,
        "net": 98,
        "chips": ["84.7", "15.3", "7.1", "18.1"],
    }
    assert sorted(shop.lots_of(ring)) == [
        "AG0001-RCV1",
        "AG0001-RCV1-RCV1",
        "AG0001-RCV1-REJ1",
        "AG0001-RCV1-SCRAP1",
        "AG0001-REJ1",
        "AG0001-SCRAP1",
    ]
    assert contradictions() == {}


def test_more_than_the_base_needs_a_yes_and_is_flagged() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    job = shop.job(order, weight_requested="30", inputs={silver: 30})
    refused = refusal_of(shop.receive, job, received=31)
    assert (refused.code, refused.details) == (
        "confirmation_required",
        {"confirm": "over_base", "over": "1"},
    )
    found = shop.receive(job, received=31, confirmed=frozenset({"over_base"}))
    metrics = found.head.metrics()
    assert (metrics.pending, metrics.flags, found.head.status) == (
        -1,
        ("over_base", "above_hundred"),
        "ongoing",
    )


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({}, "nothing_received"),
        ({"received": 0}, "nothing_received"),
        ({"received": -1}, "invalid_weight"),
        ({"received": 1, "pieces": "1.5"}, "invalid_quantity"),
        ({"received": 1, "unit": "stone"}, "unknown_weight_unit"),
        ({"received": 1, "product_id": uuid4()}, "unknown_product"),
        ({"received": 1, "location_id": uuid4()}, "unknown_location"),
        ({"received": 1, "version": 99}, "stale_version"),
    ],
)
def test_bad_receipts_are_refused_and_write_nothing(row: dict[str, object], code: str) -> None:
    shop, ring, silver = ring_shop()
    job = shop.job(shop.issued({ring: 10}), inputs={silver: 30})
    before = shop.seen_job(job)
    assert refusal_of(shop.receive, job, **row).code == code
    assert shop.seen_job(job) == before
    assert shop.lots_of(ring) == {}


def test_nothing_is_received_from_the_future() -> None:
    shop, ring, silver = ring_shop()
    job = shop.job(shop.issued({ring: 10}), inputs={silver: 30})
    tomorrow = shop.by.today + timedelta(days=1)
    assert refusal_of(shop.receive, job, received=1, received_on=tomorrow).code == "future_date"


def test_material_beyond_what_a_lot_holds_is_refused_and_nothing_is_taken() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    with pytest.raises(Refusal) as found, transaction.atomic():
        shop.job(order, inputs={silver: 101})
    refused = found.value
    assert (refused.code, list(refused.fields)) == ("insufficient_stock", ["quantity"])
    assert queries.production_of(shop.by, order.id).jobs == ()
    assert refusal_of(shop.job, order, inputs={uuid4(): 1}).code == "unknown_lot"


def test_material_that_was_promised_uncovers_who_waits() -> None:
    shop, ring, _ = ring_shop()
    gem = shop.product(sku="GEM")
    stones = shop.lot(gem, 10, weight="5")
    waiting = shop.issued({gem: 10})
    assert shop.statuses(waiting) == ["not_started"]
    job = shop.job(shop.issued({ring: 1}))
    shop.issue(job, {stones: 1})
    assert shop.statuses(waiting) == ["backordered"]
    assert contradictions() == {}


def test_a_cancelled_job_gives_untouched_material_back_and_takes_no_output() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    job = shop.job(order, inputs={silver: 30})
    found = actions.cancel_job(by=shop.by, job=job.id, reason="wrong stage")
    assert (found.head.status, found.head.issued) == ("cancelled", 0)
    assert found.inputs[0].returned_at is not None
    assert shop.statuses(order) == ["backordered"]
    assert refusal_of(shop.receive, job, received=1).code == "invalid_transition"
    assert contradictions() == {}


def test_a_job_of_which_something_came_keeps_its_material_when_it_is_cancelled() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    job = shop.job(order, inputs={silver: 30})
    shop.receive(job, pieces=3, received=10)
    found = actions.cancel_job(by=shop.by, job=job.id)
    assert (found.head.issued, found.head.gap) == (30, 20)
    figures = order_figures(shop, order)
    assert (figures["base"], figures["final"]) == (30, 10)


def test_a_job_is_completed_by_hand_and_opened_again() -> None:
    shop, ring, silver = ring_shop()
    order = shop.issued({ring: 10})
    job = shop.job(order, inputs={silver: 30})
    shop.receive(job, pieces=3, received=10)
    assert actions.complete_job(by=shop.by, job=job.id).head.status == "completed"
    assert shop.statuses(order) == ["production_completed"]
    assert refusal_of(shop.receive, job, received=1).code == "invalid_transition"
    assert actions.reopen_job(by=shop.by, job=job.id).head.status == "ongoing"
    shop.receive(job, pieces=7, received=20)
    assert shop.seen_job(job).head.status == "completed"


def test_a_job_is_planned_until_something_came_of_it() -> None:
    shop, ring, silver = ring_shop()
    order = shop.order({ring: 10})
    job = shop.job(order)
    assert job.head.status == "unscheduled"
    planned = actions.edit_job(
        by=shop.by,
        job=job.id,
        changes={
            "deadline": shop.by.today,
            "staff_id": shop.company.lead_id,
            "weight_requested": "30",
        },
    )
    assert (planned.head.status, planned.head.weight_requested) == ("scheduled", 30)
    shop.issue(job, {silver: 30})
    shop.receive(job, received=10)
    late = refusal_of(actions.edit_job, by=shop.by, job=job.id, changes={"weight_requested": "40"})
    assert (late.code, list(late.fields)) == ("already_received", ["weight_requested"])


def test_a_run_makes_what_stock_does_not_cover() -> None:
    shop, ring, _ = ring_shop()
    shop.lot(ring, 4)
    order = shop.order({ring: 10})
    (found,) = runs.suggestions(shop.by, order.id)
    assert (found.make, found.line.available) == (6, 4)
    run = shop.run(order)
    assert (run.jobs[0].pieces_requested, run.jobs[0].weight_requested) == (6, 18)
    assert run.jobs[0].deadline == shop.by.today + timedelta(days=7)


def test_a_run_makes_what_it_is_told_to() -> None:
    shop, ring, _ = ring_shop()
    order = shop.order({ring: 10})
    run = shop.run(order, make={order.lines[0].id: "25"})
    assert run.jobs[0].pieces_requested == 25


def test_a_run_needs_an_estimate_and_something_to_make() -> None:
    shop, ring, _ = ring_shop()
    gem = shop.product(sku="GEM")
    bought = shop.order({gem: 1})
    assert refusal_of(shop.run, bought).code == "nothing_to_make"
    made = refusal_of(shop.run, bought, make={bought.lines[0].id: 1})
    assert made.code == "not_manufactured"
    covered = shop.order({ring: 1})
    shop.lot(ring, 100)
    assert refusal_of(shop.run, covered).code == "nothing_to_make"
    issued = shop.issued({ring: 1})
    refused = refusal_of(shop.run, issued)
    assert (refused.code, refused.details["needed"]) == ("invalid_transition", ["estimate"])


def test_jobs_outlive_the_order_that_they_were_made_for() -> None:
    shop, ring, silver = ring_shop()
    order = shop.order({ring: 10})
    run = shop.run(order)
    removal.remove_order(by=shop.by, order=order.id, confirm_number=order.head.number)
    job = shop.seen_job(run.jobs[0].id)
    assert (job.head.order_id, job.head.line_id, job.head.order_number) == (None, None, "SO-00001")
    shop.issue(job, {silver: 30})
    shop.receive(job, pieces=10, received=30)
    assert shop.seen_job(job).head.status == "completed"
    assert refusal_of(shop.receive, job, received=1).code == "invalid_transition"


def test_a_retired_stage_takes_no_new_jobs() -> None:
    shop, ring, _ = ring_shop()
    records.change(
        by=shop.by, kind=STAGE, record_id=shop.preform, sent={"is_active": False}, version=None
    )
    order = shop.order({ring: 10})
    assert refusal_of(shop.job, order).code == "inactive_stage"
    assert refusal_of(shop.job, order, stage_id=uuid4()).code == "unknown_stage"


def test_the_number_of_statements_does_not_grow_with_the_rows() -> None:
    counts = []
    shop = open_workshop()
    grain = shop.product(sku="AU", default_unit="g", weight_unit="g")
    lots = [shop.lot(grain, 100) for _ in range(31)]
    for chosen in (lots[:1], lots[1:]):
        ring = shop.product(sku=f"RING{len(chosen)}", is_manufactured=True)
        order = shop.issued({ring: 100})
        job = shop.job(order)
        found: dict[str, int] = {}
        inputs = [Wanted(lot, weight="1") for lot in chosen]
        with CaptureQueriesContext(connection) as made:
            materials.issue_material(by=shop.by, job=job.id, inputs=inputs)
        found["issue"] = len(made)
        rows = [
            Output(pieces=1, received="0.5", rejected="0.1", scrap="0.1", wasted="0.1")
            for _ in chosen
        ]
        with CaptureQueriesContext(connection) as made:
            receiving.receive(
                by=shop.by, job=job.id, new=receiving.NewJobReceipt(rows, assign_to_line=True)
            )
        found["receive"] = len(made)
        with CaptureQueriesContext(connection) as made:
            shop.seen_job(job)
        found["read"] = len(made)
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0]["read"] == 2
