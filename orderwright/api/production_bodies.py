"""What clients send about production, and how it becomes what the actions take."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, WithJsonSchema

from orderwright.api.body_types import Body, Day, Flag, Number, Version, Versioned
from orderwright.inventory.taking import Wanted
from orderwright.production.new_jobs import NewJob
from orderwright.production.outputs import Output
from orderwright.production.receiving import NewJobReceipt
from orderwright.production.runs import NewRun

_Text = Annotated[Any, WithJsonSchema({"type": ["string", "null"]})]


class InputBody(Body):
    """Material from one lot: a quantity, a weight, or all of it."""

    lot_id: UUID
    quantity: Number = None
    weight: Number = None
    weight_unit: str = ""
    full: Flag = False

    def read(self, field: str) -> Wanted:
        """The row as the action takes it."""
        values = {name: getattr(self, name) for name in InputBody.model_fields}
        return Wanted(**values, field=field)


class JobBody(Body):
    """A new production job for a line of an order."""

    order_id: str
    line_id: UUID
    stage_id: UUID | None = None
    staff_id: UUID | None = None
    weight_requested: Number = None
    weight_unit: str = ""
    pieces_requested: Number = None
    shape: str = ""
    size: str = ""
    distribution: str = "match_issued"
    issued_date: Day | None = None
    deadline: Day | None = None
    notes: str = ""
    inputs: list[InputBody] = []

    def read(self) -> NewJob:
        """The job as the action takes it."""
        values = {
            name: getattr(self, name)
            for name in JobBody.model_fields
            if name not in ("inputs", "issued_date")
        }
        return NewJob(**values, issued_on=self.issued_date, inputs=read_inputs(self.inputs))


class JobChangesBody(BaseModel):
    """Changes of a job's plan; only what is sent changes, and null clears."""

    version: Version | None = None
    staff_id: UUID | None = None
    stage_id: UUID | None = None
    deadline: Day | None = None
    issued_date: Day | None = None
    notes: _Text = None
    weight_requested: Number = None

    def changes(self) -> dict[str, Any]:
        """The fields that the request names."""
        named = self.model_fields_set - {"version"}
        return {
            "issued_on" if name == "issued_date" else name: getattr(self, name) for name in named
        }


class MaterialBody(Versioned):
    """Material that goes into a job."""

    inputs: list[InputBody] = []


class PartBody(Body):
    """Rejected or scrapped weight, with pieces if they are counted."""

    weight: Number = None
    pieces: Number = None


class OutputBody(Body):
    """One row of what came of a job."""

    product_id: UUID | None = None
    pieces: Number = None
    received: Number = None
    wasted: Number = None
    rejected: PartBody | None = None
    scrap: PartBody | None = None
    unit: str = ""
    inventory_type: str = "Finished"
    shape: str = ""
    size: str = ""
    color: str = ""
    quality: str = ""
    notes: str = ""

    def read(self) -> Output:
        """The row as the action takes it."""
        values = {
            name: getattr(self, name)
            for name in OutputBody.model_fields
            if name not in ("rejected", "scrap")
        }
        rejected, scrap = self.rejected or PartBody(), self.scrap or PartBody()
        return Output(
            **values,
            rejected=rejected.weight,
            rejected_pieces=rejected.pieces,
            scrap=scrap.weight,
            scrap_pieces=scrap.pieces,
        )


class JobReceiptBody(Versioned):
    """What came of a job at one time."""

    received_date: Day | None = None
    location_id: UUID | None = None
    quality: str = ""
    rack: str = ""
    notes: str = ""
    rows: list[OutputBody] = []
    assign_to_line: Flag = False
    confirm: list[str] = []

    def read(self) -> NewJobReceipt:
        """The receipt as the action takes it."""
        return NewJobReceipt(
            rows=[row.read() for row in self.rows],
            received_on=self.received_date,
            location_id=self.location_id,
            quality=self.quality,
            rack=self.rack,
            notes=self.notes,
            assign_to_line=self.assign_to_line,
            confirmed=frozenset(self.confirm),
            version=self.version,
        )


class MakeBody(Body):
    """How much of one line a run makes, in the line's unit."""

    line_id: UUID
    make: Number = None


class RunBody(Versioned):
    """A production run of an estimate; without lines what is suggested is made."""

    lines: list[MakeBody] | None = None
    stage_id: UUID | None = None
    staff_id: UUID | None = None
    deadline: Day | None = None

    def read(self, order: str) -> NewRun:
        """The run as the action takes it."""
        make = None if self.lines is None else {row.line_id: row.make for row in self.lines}
        return NewRun(
            order=order,
            make=make,
            stage_id=self.stage_id,
            staff_id=self.staff_id,
            deadline=self.deadline,
            version=self.version,
        )


class GivenUpBody(Versioned):
    """Why a job is cancelled."""

    reason: str = ""


def read_inputs(rows: list[InputBody]) -> list[Wanted]:
    """Inputs with the names of their fields in the request."""
    return [row.read(f"inputs.{index}.") for index, row in enumerate(rows)]
