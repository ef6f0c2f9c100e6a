"""Rows of a job's receipt as people send them, read in the job's weight unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.quantity import check_counted
from orderwright.kernel.text import check_text
from orderwright.kernel.weight import check_weight, check_weight_unit, convert, round_weight
from orderwright.production.job_page import JobRow
from orderwright.production.weights import Buckets

_TEXTS = ("shape", "size", "color", "quality", "inventory_type")


@dataclass(frozen=True, slots=True)
class Output:
    """One row as sent: weights in `unit` (empty: the job's), pieces in the product's own unit.

    `product_id` None is the job's product.
    """

    product_id: UUID | None = None
    pieces: object = None
    received: object = None
    wasted: object = None
    rejected: object = None
    rejected_pieces: object = None
    scrap: object = None
    scrap_pieces: object = None
    unit: str = ""
    inventory_type: str = "Finished"
    shape: str = ""
    size: str = ""
    color: str = ""
    quality: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class OutputProduct:
    """The product of a row; `unit` is its default one."""

    id: UUID
    name: str
    type: str
    unit: str


@dataclass(frozen=True, slots=True)
class ReadOutput:
    """A row that makes sense: weights in the job's unit at six decimals."""

    id: UUID
    sent: Output
    product: OutputProduct
    pieces: Decimal
    received: Decimal
    waste: Decimal
    rejected: Decimal
    rejected_pieces: Decimal
    scrapped: Decimal
    scrap_pieces: Decimal
    field: str

    @property
    def buckets(self) -> Buckets:
        """Where its weight goes."""
        return Buckets(self.received, self.rejected, self.scrapped, self.waste)


def read_rows(by: Caller, job: JobRow, rows: Sequence[Output]) -> list[ReadOutput]:
    """The rows, checked; one statement. Raises Invalid `nothing_received`, `unknown_product`,
    `product_missing`, and for numbers that make no sense."""
    if not rows:
        message = "Say what came of the job: add a row."
        raise Invalid("nothing_received", message, fields={"rows": message})
    wanted = [row.product_id or job.product_id for row in rows]
    products = _products(by, [one for one in wanted if one is not None])
    found = [
        _read(job, row, _product(products, product_id, f"rows.{index}."), f"rows.{index}.")
        for index, (row, product_id) in enumerate(zip(rows, wanted, strict=True))
    ]
    if not any(row.buckets.accounted or row.pieces for row in found):
        message = "Nothing came of the job by these numbers. Give a weight."
        fields = {f"rows.{index}.received": message for index in range(len(found))}
        raise Invalid("nothing_received", message, fields=fields)
    return found


def _read(job: JobRow, row: Output, product: OutputProduct, field: str) -> ReadOutput:
    for name in _TEXTS:
        check_text(getattr(row, name), f"{field}{name}", longest=40)
    check_text(row.notes, f"{field}notes", longest=2_000)
    unit = check_weight_unit(row.unit, f"{field}unit") if row.unit else job.weight_unit

    def weight(name: str, value: object) -> Decimal:
        if value is None:
            return ZERO
        return round_weight(convert(check_weight(value, f"{field}{name}"), unit, job.weight_unit))

    def pieces(name: str, value: object) -> Decimal:
        return ZERO if value is None else check_counted(value, product.unit, f"{field}{name}")

    return ReadOutput(
        id=new_id(),
        sent=row,
        product=product,
        pieces=pieces("pieces", row.pieces),
        received=weight("received", row.received),
        waste=weight("wasted", row.wasted),
        rejected=weight("rejected.weight", row.rejected),
        rejected_pieces=pieces("rejected.pieces", row.rejected_pieces),
        scrapped=weight("scrap.weight", row.scrap),
        scrap_pieces=pieces("scrap.pieces", row.scrap_pieces),
        field=field,
    )


def _products(by: Caller, product_ids: Sequence[UUID]) -> dict[UUID, OutputProduct]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.name, p.type, p.default_unit FROM catalog_product p "
            "WHERE p.organization_id = %s AND p.id = ANY (%s)",
            [by.organization_id, list(product_ids)],
        )
        return {row[0]: OutputProduct(*row) for row in cursor.fetchall()}


def _product(
    products: Mapping[UUID, OutputProduct], product_id: UUID | None, field: str
) -> OutputProduct:
    if product_id is None:
        message = "Say which product came of the job."
        raise Invalid("product_missing", message, fields={f"{field}product_id": message})
    found = products.get(product_id)
    if found is None:
        message = "There is no such product."
        raise Invalid("unknown_product", message, fields={f"{field}product_id": message})
    if found.type != "sale":
        message = f"{found.name} is of type {found.type} and is not kept in stock."
        raise Invalid("not_stocked", message, fields={f"{field}product_id": message})
    return found
