"""The worked examples of domain 3.6, and what holds for any job."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.weight import GRAMS, convert
from orderwright.production.metrics import (
    Efficiency,
    JobFacts,
    LastReceipt,
    Progress,
    Stage,
    drawn,
    metrics_of_job,
    metrics_of_order,
    shown,
)
from orderwright.production.weights import Buckets, gap_of, is_settled

PREFORM = Stage(UUID(int=1), "Preform", 10)
FINAL_POLISH = Stage(UUID(int=2), "Final Polish", 20)


def grams(*amounts: str) -> Buckets:
    return Buckets(*(Decimal(amount) for amount in amounts))


def received_on(day: int, hour: int = 12) -> LastReceipt:
    return LastReceipt(date(2026, 11, day), datetime(2026, 11, day, hour, tzinfo=UTC))


def job(
    number: int = 1,
    *,
    stage: Stage = FINAL_POLISH,
    unit: str = "g",
    req: str | None = None,
    iss: str | None = None,
    buckets: Buckets | None = None,
    on: LastReceipt | None = None,
    cancelled: bool = False,
) -> JobFacts:
    return JobFacts(
        id=UUID(int=number),
        stage=stage,
        unit=unit,
        requested=None if req is None else Decimal(req),
        issued=None if iss is None else Decimal(iss),
        buckets=buckets or Buckets(),
        last_receipt=on,
        is_cancelled=cancelled,
    )


def bar(progress: Progress) -> list[str | None]:
    return [
        shown(part)
        for part in (
            progress.completed,
            progress.pending,
            progress.rejected,
            progress.scrapped,
            progress.wasted,
        )
    ]


def chips(efficiency: Efficiency) -> list[str | None]:
    return [
        shown(chip)
        for chip in (
            efficiency.output,
            efficiency.gross_waste,
            efficiency.net_waste,
            efficiency.consumption,
        )
    ]


def test_e1_a_job_of_a_hundred_grams() -> None:
    found = metrics_of_job(
        job(req="100", iss="100", buckets=grams("82", "5", "8", "5"), on=received_on(1))
    )
    assert found.pending == 0
    assert bar(found.progress) == ["82.0", "0.0", "5.0", "8.0", "5.0"]
    assert chips(found.efficiency) == ["87.0", "13.0", "5.0", "14.9"]
    assert found.flags == ()


def test_e2_the_requested_weight_is_the_base_and_without_it_the_issued_one() -> None:
    requested = job(req="100", iss="120", buckets=grams("82", "5", "8", "5"), on=received_on(1))
    assert bar(metrics_of_job(requested).progress) == ["82.0", "0.0", "5.0", "8.0", "5.0"]
    issued = metrics_of_job(replace(requested, requested=None))
    assert issued.base.weight == 120
    assert issued.pending == 20
    assert bar(issued.progress) == ["68.3", "16.7", "4.2", "6.7", "4.2"]
    assert chips(issued.efficiency) == ["72.5", "10.8", "4.2", "14.9"]


def test_e3_more_than_the_base_is_shown_as_it_is_and_flagged() -> None:
    found = metrics_of_job(
        job(req="100", iss="100", buckets=grams("104", "0", "0", "1"), on=received_on(1))
    )
    assert found.pending == -5
    assert bar(found.progress) == ["104.0", "0.0", "0.0", "0.0", "1.0"]
    assert chips(found.efficiency) == ["104.0", "1.0", "1.0", "1.0"]
    assert found.flags == ("over_base", "above_hundred")
    segments = drawn(found.progress)
    assert segments is not None
    assert sum(segments) == 1


def test_e4_without_any_base_the_recorded_total_is_the_base() -> None:
    found = metrics_of_job(job(buckets=grams("40", "2", "5", "3"), on=received_on(1)))
    assert (found.base.weight, found.base.is_fallback, found.pending) == (50, True, 0)
    assert bar(found.progress) == ["80.0", "0.0", "4.0", "10.0", "6.0"]
    assert chips(found.efficiency) == ["84.0", "16.0", "6.0", "19.0"]
    assert found.flags == ("base_is_fallback", "issued_missing")


def test_e5_nothing_yet() -> None:
    found = metrics_of_job(job(req="50"))
    assert bar(found.progress) == ["0.0", "100.0", "0.0", "0.0", "0.0"]
    assert chips(found.efficiency) == ["0.0", "0.0", "0.0", None]
    assert found.flags == ()


def test_a_job_without_any_weight_has_no_percentages() -> None:
    found = metrics_of_job(job())
    assert bar(found.progress) == [None] * 5
    assert chips(found.efficiency) == [None] * 4
    assert drawn(found.progress) is None


def test_a_requested_weight_of_zero_was_never_requested() -> None:
    assert metrics_of_job(job(req="0", iss="20")).base.weight == 20


def test_e6_an_order_of_two_stages() -> None:
    jobs = [
        job(1, stage=PREFORM, iss="100", buckets=grams("88", "2", "6", "4"), on=received_on(1)),
        job(2, iss="88", buckets=grams("80", "3", "2", "3"), on=received_on(2)),
    ]
    found = metrics_of_order(jobs, "g")
    assert found is not None
    assert found.base == 188
    assert bar(found.progress) == ["89.4", "0.0", "2.7", "4.3", "3.7"]
    assert found.final_stage == FINAL_POLISH
    assert (found.final_output, found.net_input) == (83, 98)
    assert chips(found.efficiency) == ["84.7", "15.3", "7.1", "18.1"]


MIXED = (
    job(
        1,
        stage=PREFORM,
        iss="20",
        buckets=grams("17", "0.5", "1.5", "1"),
        on=received_on(1),
    ),
    job(2, unit="ct", req="80", iss="50", buckets=grams("44", "1", "2", "3"), on=received_on(3)),
    job(3, iss="7", buckets=grams("6.2", "0.1", "0.3", "0.4"), on=received_on(2)),
)


def test_e7_an_order_of_mixed_units_in_carats() -> None:
    found = metrics_of_order(MIXED, "ct")
    assert found is not None
    assert (found.base, found.pending) == (215, 30)
    assert bar(found.progress) == ["74.4", "14.0", "1.9", "5.1", "4.7"]
    assert (found.final_output, found.net_input) == (Decimal("76.5"), Decimal("97.5"))
    assert chips(found.efficiency) == ["78.5", "21.5", "10.3", "27.5"]


def test_e7_the_unit_of_the_organization_changes_no_percentage() -> None:
    carats, in_grams = metrics_of_order(MIXED, "ct"), metrics_of_order(MIXED, "g")
    assert carats is not None
    assert in_grams is not None
    assert (in_grams.base, in_grams.final_output, in_grams.net_input) == (
        Decimal("43"),
        Decimal("15.3"),
        Decimal("19.5"),
    )
    assert bar(in_grams.progress) == bar(carats.progress)
    assert chips(in_grams.efficiency) == chips(carats.efficiency)


@pytest.mark.parametrize(
    ("weight", "unit", "to", "expected"),
    [
        ("1", "lb", "oz", "16"),
        ("100", "ct", "g", "20"),
        ("12", "ozt", "lbt", "1"),
        ("1", "tola", "masha", "12"),
        ("1", "tola", "ratti", "96"),
    ],
)
def test_e8_units_of_the_trade(weight: str, unit: str, to: str, expected: str) -> None:
    assert convert(Decimal(weight), unit, to) == Decimal(expected)


def test_an_order_without_jobs_has_no_figures() -> None:
    assert metrics_of_order([], "g") is None


def test_a_cancelled_job_counts_only_if_something_of_it_was_received() -> None:
    kept = job(1, iss="10", buckets=grams("9", "0", "0", "1"), on=received_on(1))
    dropped = job(2, iss="50", cancelled=True)
    assert metrics_of_order([kept, dropped], "g") == metrics_of_order([kept], "g")
    received = replace(kept, id=UUID(int=3), is_cancelled=True)
    both = metrics_of_order([kept, received], "g")
    assert both is not None
    assert both.base == 20
    assert metrics_of_order([dropped], "g") is None


def test_before_the_first_receipt_an_order_has_progress_and_no_efficiency() -> None:
    found = metrics_of_order([job(iss="10")], "g")
    assert found is not None
    assert bar(found.progress) == ["0.0", "100.0", "0.0", "0.0", "0.0"]
    assert (found.final_stage, found.final_output, found.net_input) == (None, None, None)
    assert chips(found.efficiency) == [None] * 4


def test_material_that_was_never_issued_makes_the_efficiency_unknown() -> None:
    found = metrics_of_order(
        [
            job(1, stage=PREFORM, buckets=grams("10", "0", "0", "0"), on=received_on(1)),
            job(2, req="5", buckets=grams("0", "0", "1", "0"), on=received_on(2)),
        ],
        "g",
    )
    assert found is not None
    assert found.net_input == -10
    assert chips(found.efficiency) == [None, None, None, None]
    assert found.flags == ("base_is_fallback", "issued_missing")


def test_a_late_receipt_on_an_earlier_stage_makes_that_stage_the_final_one() -> None:
    early = job(1, stage=PREFORM, iss="10", buckets=grams("9", "0", "0", "1"), on=received_on(5))
    late = job(2, iss="9", buckets=grams("8", "0", "0", "1"), on=received_on(4))
    found = metrics_of_order([early, late], "g")
    assert found is not None
    assert found.final_stage == PREFORM


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (received_on(2, 9), received_on(2, 10), FINAL_POLISH),
        (received_on(2, 10), received_on(2, 9), PREFORM),
        (received_on(2, 9), received_on(2, 9), FINAL_POLISH),
    ],
)
def test_of_receipts_of_one_day_the_later_entry_and_then_the_later_stage_is_final(
    first: LastReceipt, second: LastReceipt, expected: Stage
) -> None:
    jobs = [
        job(1, stage=PREFORM, iss="1", buckets=grams("1", "0", "0", "0"), on=first),
        job(2, iss="1", buckets=grams("1", "0", "0", "0"), on=second),
    ]
    found = metrics_of_order(jobs, "g")
    assert found is not None
    assert found.final_stage == expected


NOTHING = [None, None, None, None]


@pytest.mark.parametrize(
    ("req", "iss", "buckets", "figures", "pending"),
    [
        # Only losses: there is output to compare with the base, and none to divide by.
        (None, "10", ("0", "0", "2", "3"), ["0.0", "50.0", "30.0", None], "5"),
        # Rejected weight alone is output.
        (None, "10", ("0", "10", "0", "0"), ["100.0", "0.0", "0.0", "0.0"], "0"),
        # More than the base: the percentages are as they are, what is pending is below zero.
        (None, "10", ("11", "0", "1", "2"), ["110.0", "30.0", "20.0", "27.3"], "-4"),
        # No base at all, and nothing recorded.
        (None, None, ("0", "0", "0", "0"), NOTHING, "0"),
        ("0", "0", ("0", "0", "0", "0"), NOTHING, "0"),
        # No base, and only waste: it is its own base.
        ("0", None, ("0", "0", "0", "4"), ["0.0", "100.0", "100.0", None], "0"),
        # A requested weight of zero was never requested; the issued one counts.
        ("0", "8", ("6", "0", "1", "1"), ["75.0", "25.0", "12.5", "33.3"], "0"),
    ],
)
def test_a_job_with_nothing_on_one_side_of_a_division(
    req: str | None,
    iss: str | None,
    buckets: tuple[str, ...],
    figures: list[str | None],
    pending: str,
) -> None:
    found = metrics_of_job(job(req=req, iss=iss, buckets=grams(*buckets)))
    assert chips(found.efficiency) == figures
    assert found.pending == Decimal(pending)
    parts = drawn(found.progress)
    assert (
        parts is None
        if figures == NOTHING
        else abs(sum(parts or (), Decimal(0)) - 1) < Decimal("1e-40")
    )
    assert parts is None or min(parts) >= 0


@pytest.mark.parametrize(
    ("jobs", "net", "figures"),
    [
        # Nothing good came of the last stage: output is 0 %, consumption has no divisor.
        ([("10", ("0", "0", "4", "6"))], "10", ["0.0", "100.0", "60.0", None]),
        # More came out of the first stage than was ever issued: net input is below zero.
        ([(None, ("10", "0", "0", "0")), (None, ("5", "0", "1", "1"))], "-10",
         [None, None, None, "40.0"]),
        # It is exactly zero.
        ([("5", ("10", "0", "0", "0")), ("5", ("5", "0", "0", "0"))], "0",
         [None, None, None, "0.0"]),
        # Weight was gained, as in plating: above a hundred is shown.
        ([("10", ("11", "0", "0", "0"))], "10", ["110.0", "0.0", "0.0", "0.0"]),
    ],
)  # fmt: skip
def test_an_order_with_nothing_or_less_on_one_side_of_a_division(
    jobs: list[tuple[str | None, tuple[str, ...]]], net: str, figures: list[str | None]
) -> None:
    stages = (PREFORM, FINAL_POLISH) if len(jobs) == 2 else (FINAL_POLISH,)
    facts = [
        job(number, stage=stage, iss=issued, buckets=grams(*buckets), on=received_on(number))
        for number, (stage, (issued, buckets)) in enumerate(zip(stages, jobs, strict=True), start=1)
    ]
    found = metrics_of_order(facts, "g")
    assert found is not None
    assert found.net_input == Decimal(net)
    assert chips(found.efficiency) == figures


def test_an_order_whose_jobs_weigh_nothing_has_no_percentages() -> None:
    found = metrics_of_order([job(1), job(2)], "g")
    assert found is not None
    assert (bar(found.progress), chips(found.efficiency)) == ([None] * 5, NOTHING)
    assert (found.final_stage, found.final_output, found.net_input) == (None, None, None)


weights = st.decimals(min_value=0, max_value=10**9, places=6)
buckets_of = st.builds(Buckets, weights, weights, weights, weights)
units = st.sampled_from(sorted(GRAMS))


@given(issued=weights, buckets=buckets_of)
def test_issued_weight_is_accounted_for_or_missing(issued: Decimal, buckets: Buckets) -> None:
    assert gap_of(issued, buckets) + buckets.accounted == issued


@given(issued=weights.filter(bool), buckets=buckets_of)
def test_every_gram_of_the_base_stands_in_one_bucket(issued: Decimal, buckets: Buckets) -> None:
    found = metrics_of_job(job(iss=str(issued), buckets=buckets))
    assert found.pending + buckets.accounted == issued


@given(received=weights, rejected=weights, scrapped=weights, waste=weights)
def test_output_and_gross_waste_are_everything_once_the_issued_weight_is_accounted_for(
    received: Decimal, rejected: Decimal, scrapped: Decimal, waste: Decimal
) -> None:
    buckets = Buckets(received, rejected, scrapped, waste)
    issued = buckets.accounted
    if not buckets.output:
        return
    found = metrics_of_order(
        [job(iss=str(issued), buckets=buckets, on=received_on(1))],
        "g",
    )
    assert found is not None
    assert found.efficiency.output is not None
    assert found.efficiency.gross_waste is not None
    difference = found.efficiency.output + found.efficiency.gross_waste - 100
    assert abs(difference) < Decimal("1e-40")


@given(
    facts=st.lists(st.tuples(weights, buckets_of, units, st.booleans()), min_size=1, max_size=5),
    unit=units,
    other=units,
)
def test_no_percentage_depends_on_the_unit_it_is_calculated_in(
    facts: list[tuple[Decimal, Buckets, str, bool]], unit: str, other: str
) -> None:
    jobs = [
        job(
            index + 1,
            stage=FINAL_POLISH if is_final else PREFORM,
            unit=own,
            iss=str(issued),
            buckets=buckets,
            on=received_on(index + 1),
        )
        for index, (issued, buckets, own, is_final) in enumerate(facts)
    ]
    one, two = metrics_of_order(jobs, unit), metrics_of_order(jobs, other)
    assert one is not None
    assert two is not None
    assert bar(one.progress) == bar(two.progress)
    assert one.final_stage == two.final_stage


@given(issued=weights.filter(bool), share=st.integers(0, 100))
def test_a_job_is_settled_when_nothing_is_pending(issued: Decimal, share: int) -> None:
    waste = issued * share / 100
    buckets = Buckets(received=issued - waste, waste=waste)
    found = metrics_of_job(job(iss=str(issued), buckets=buckets))
    assert is_settled(found.base, buckets)
    assert not is_settled(found.base, replace(buckets, received=buckets.received - issued / 100))
