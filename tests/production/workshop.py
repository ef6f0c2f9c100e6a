"""A workshop: a company that sells what it makes.

shop = open_workshop()
ring = shop.product(sku="RING", is_manufactured=True)
silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
order = shop.issued({ring: 10})
job = shop.job(order, inputs={silver: 32})
shop.receive(job, pieces=10, received=28, rejected=0.5, scrap=1, wasted=0.5)
assert shop.chips(job) == ["95.0", "5.0", "1.7", "5.3"]
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orderwright.activity import records
from orderwright.inventory import lot_queries
from orderwright.inventory.taking import Wanted
from orderwright.kernel.numbers import trim
from orderwright.production import materials, new_jobs, queries, receiving, runs
from orderwright.production.job_page import JobPage, RunPage
from orderwright.production.metrics import shown
from orderwright.production.new_jobs import NewJob
from orderwright.production.outputs import Output
from orderwright.production.receiving import NewJobReceipt
from orderwright.production.runs import NewRun
from orderwright.production.stages import STAGE
from orderwright.sales.page import OrderPage
from tests.company import found_company
from tests.sales.desk import Desk

NOWHERE = UUID(int=0)


@dataclass
class Workshop(Desk):
    """One company at work, with two stages."""

    preform: UUID = NOWHERE
    polish: UUID = NOWHERE

    def job(self, order: OrderPage, *, line: int = 1, **fields: Any) -> JobPage:
        """A job for a line; `inputs` are weights by lot."""
        inputs = fields.pop("inputs", {})
        new = NewJob(
            order_id=order.id,
            line_id=order.lines[line - 1].id,
            inputs=[Wanted(lot, weight=str(weight)) for lot, weight in inputs.items()],
            **{"stage_id": self.preform, **fields},
        )
        return new_jobs.create_job(by=self.by, new=new)

    def issue(self, job: JobPage | UUID, weights: Mapping[UUID, object]) -> JobPage:
        """Material by weight."""
        inputs = [Wanted(lot, weight=str(weight)) for lot, weight in weights.items()]
        return materials.issue_material(by=self.by, job=_id(job), inputs=inputs)

    def receive(self, job: JobPage | UUID, **row: Any) -> JobPage:
        """One row of output; what is no field of a row is one of the receipt."""
        known = Output.__slots__
        output = Output(**{name: _text(held) for name, held in row.items() if name in known})
        rest = {name: held for name, held in row.items() if name not in known}
        new = NewJobReceipt(rows=[output], **rest)
        return receiving.receive(by=self.by, job=_id(job), new=new)

    def run(self, order: OrderPage, **fields: Any) -> RunPage:
        """A production run of an estimate."""
        return runs.create_run(by=self.by, new=NewRun(order.id, **fields))

    def seen_job(self, job: JobPage | UUID) -> JobPage:
        """The job as it stands."""
        return queries.job_page(self.by, _id(job))

    def chips(self, job: JobPage | UUID) -> list[str | None]:
        """Output, gross waste, net waste, consumption."""
        found = self.seen_job(job).head.metrics().efficiency
        return [
            shown(one)
            for one in (found.output, found.gross_waste, found.net_waste, found.consumption)
        ]

    def lots_of(self, product: UUID) -> dict[str, tuple[str, str, str]]:
        """Quantity, weight and status of a product's lots, by tag."""
        filters = {"product_id": str(product)}
        return {
            lot.tag_id: (trim(lot.quantity), trim(lot.weight), lot.status)
            for lot in lot_queries.lots(by=self.by, filters=filters)
        }


def open_workshop() -> Workshop:
    """A company with two stages and a customer."""
    company = found_company()
    company.enter()
    preform, polish = (
        records.create(by=company.by, kind=STAGE, sent={"name": name, "sort_order": order})
        for name, order in (("Preform", 10), ("Final Polish", 20))
    )
    return Workshop(company, company.by, company.customer(), preform=preform, polish=polish)


def _id(job: JobPage | UUID) -> UUID:
    return job.id if isinstance(job, JobPage) else job


def _text(value: Any) -> Any:
    return value if isinstance(value, UUID | str) else str(value)
