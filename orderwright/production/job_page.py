"""A job as pages and answers show it. Weights are in the job's unit."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from orderwright.kernel.lifecycle import Allowed
from orderwright.production.metrics import (
    JobFacts,
    JobMetrics,
    LastReceipt,
    Stage,
    metrics_of_job,
)
from orderwright.production.rules import JobState, allowed_actions
from orderwright.production.weights import Buckets, gap_of


@dataclass(frozen=True, slots=True)
class JobRow:
    """The head of a job, in the order of the columns of `sql.JOB`."""

    id: UUID
    number: str
    version: int
    status: str
    order_id: UUID | None
    order_number: str
    order_status: str | None
    customer_name: str | None
    line_id: UUID | None
    line_position: int | None
    line_description: str | None
    stage_id: UUID
    stage_name: str
    stage_order: int
    run_id: UUID | None
    run_number: str | None
    product_id: UUID | None
    product_sku: str | None
    product_name: str | None
    product_unit: str | None
    shape: str
    size: str
    pieces_requested: Decimal | None
    weight_requested: Decimal | None
    weight_unit: str
    distribution: str
    issued_on: date | None
    deadline: date | None
    staff_id: UUID | None
    staff_name: str | None
    notes: str
    issued: Decimal
    received: Decimal
    rejected: Decimal
    scrapped: Decimal
    waste: Decimal
    pieces_received: Decimal
    has_inputs: bool
    first_tag: str
    last_received_on: date | None
    last_receipt_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    created_at: datetime
    updated_at: datetime

    @property
    def buckets(self) -> Buckets:
        """Where its weight went."""
        return Buckets(self.received, self.rejected, self.scrapped, self.waste)

    @property
    def gap(self) -> Decimal:
        """Issued and not accounted for: 0 when the balance closes."""
        return gap_of(self.issued, self.buckets)

    def facts(self) -> JobFacts:
        """The job as the metrics take it."""
        received_on, at = self.last_received_on, self.last_receipt_at
        return JobFacts(
            id=self.id,
            stage=Stage(self.stage_id, self.stage_name, self.stage_order),
            unit=self.weight_unit,
            requested=self.weight_requested,
            issued=self.issued,
            buckets=self.buckets,
            last_receipt=LastReceipt(received_on, at) if received_on and at else None,
            is_cancelled=self.cancelled_at is not None,
        )

    def metrics(self) -> JobMetrics:
        """Its bar and its four chips."""
        return metrics_of_job(self.facts())

    def state(self) -> JobState:
        """The facts that decide where it stands."""
        return JobState(
            has_inputs=self.has_inputs,
            has_receipts=self.last_receipt_at is not None,
            issued_on=self.issued_on,
            deadline=self.deadline,
            is_completed=self.completed_at is not None,
            is_cancelled=self.cancelled_at is not None,
        )

    def allowed(self, permissions: frozenset[str]) -> tuple[Allowed, ...]:
        """What may be done with it now."""
        return allowed_actions(self.status, permissions)


@dataclass(frozen=True, slots=True)
class InputRow:
    """Material that went in, in the lot's units; `counted` is its weight in the job's unit."""

    id: UUID
    lot_id: UUID
    tag_id: str
    product_name: str
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str
    counted: Decimal
    pieces_requested: Decimal | None
    at: datetime
    issued_by: str
    returned_at: datetime | None


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One row of a receipt, with the lots that its weights became."""

    id: UUID
    product_id: UUID
    product_name: str
    pieces: Decimal
    received: Decimal
    waste: Decimal
    rejected_pieces: Decimal
    rejected: Decimal
    scrap_pieces: Decimal
    scrapped: Decimal
    lot_id: UUID | None
    tag_id: str | None
    rejected_lot_id: UUID | None
    rejected_tag_id: str | None
    scrap_lot_id: UUID | None
    scrap_tag_id: str | None
    selection_id: UUID | None
    notes: str


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """What came of the job at one time."""

    id: UUID
    received_on: date
    quality: str
    location_id: UUID | None
    location_name: str | None
    rack: str
    notes: str
    at: datetime
    received_by: str
    rows: tuple[OutputRow, ...]


@dataclass(frozen=True, slots=True)
class JobPage:
    """A job with everything that went in and came out, newest receipt first."""

    head: JobRow
    inputs: tuple[InputRow, ...]
    receipts: tuple[ReceiptRow, ...]

    @property
    def id(self) -> UUID:
        """The job's id."""
        return self.head.id


@dataclass(frozen=True, slots=True)
class RunRow:
    """A production run."""

    id: UUID
    number: str
    version: int
    status: str
    order_id: UUID | None
    order_number: str
    responsible_name: str
    started_at: datetime | None
    completed_at: datetime | None
    job_count: int
    open_count: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RunPage:
    """A run with its jobs. `skipped`: positions of lines that a new run makes nothing for."""

    head: RunRow
    jobs: tuple[JobRow, ...]
    skipped: tuple[int, ...] = ()

    @property
    def id(self) -> UUID:
        """The run's id."""
        return self.head.id
