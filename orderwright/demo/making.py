"""Production of the demo company: stages, runs and jobs with yields that look real.

One job gave more than its base, one was completed with a gap, one was cancelled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

from orderwright.activity import records
from orderwright.identity.caller import Caller
from orderwright.inventory import lots
from orderwright.inventory.taking import Wanted
from orderwright.kernel.numbers import round_half_up
from orderwright.production import actions as production
from orderwright.production import materials, new_jobs, receiving, runs
from orderwright.production.job_page import JobPage
from orderwright.production.new_jobs import NewJob
from orderwright.production.outputs import Output
from orderwright.production.receiving import NewJobReceipt
from orderwright.production.runs import NewRun
from orderwright.production.stages import STAGE
from orderwright.sales import actions
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from orderwright.sales.page import OrderPage

if TYPE_CHECKING:
    from orderwright.demo.company import Desk

# What things are cast from, by what the material of a product begins with.
GRAIN = {"925": "MTL-AG-GRN", "18k": "MTL-AU-GRN", "14k": "MTL-AU-G14"}
STAGES = (
    ("Casting", "CAST", 10, ("Foundry",)),
    ("Stone Setting", "SET", 20, ("Bench",)),
    ("Final Polish", "POL", 30, ("Bench", "Finishing")),
)


@dataclass(frozen=True, slots=True)
class Shares:
    """Where the weight of a job went, as parts of what was issued; what is left is waste."""

    received: str
    rejected: str = "0"
    scrap: str = "0"
    waste: str = "0"

    def of(self, issued: Decimal) -> dict[str, Decimal]:
        """The weights, as scales show them; where everything is said, waste is what is left."""
        found = {
            name: round_half_up(issued * Decimal(getattr(self, name)), 2) for name in self.__slots__
        }
        if sum(Decimal(getattr(self, name)) for name in self.__slots__) == 1:
            found["waste"] = issued - found["received"] - found["rejected"] - found["scrap"]
        return found


# Ten orders that were made through: their age in days, and the yields of casting and polish.
_MADE = (
    (58, Shares("0.93", "0.005", "0.045", "0.02"), Shares("0.96", "0.01", "0.02", "0.01")),
    (51, Shares("0.91", "0.01", "0.06", "0.02"), Shares("0.955", "0.01", "0.02", "0.015")),
    (44, Shares("0.925", "0", "0.05", "0.025"), Shares("0.94", "0.02", "0.025", "0.015")),
    (37, Shares("0.88", "0.03", "0.06", "0.03"), Shares("0.95", "0", "0.03", "0.02")),
    (29, Shares("0.935", "0.01", "0.04", "0.015"), Shares("0.965", "0.005", "0.02", "0.01")),
    (22, Shares("0.92", "0.005", "0.05", "0.025"), Shares("0.958", "0.012", "0.02", "0.01")),
    (16, Shares("0.905", "0.02", "0.05", "0.025"), Shares("0.962", "0", "0.025", "0.013")),
    (11, Shares("0.94", "0.005", "0.04", "0.015"), Shares("0.951", "0.009", "0.025", "0.015")),
)


def make_all(desk: "Desk") -> None:
    """Stages and grain first, then what was made, what is under way, and what went wrong."""
    with desk.on(100, who="Priya") as by:
        stages = [
            records.create(
                by=by,
                kind=STAGE,
                sent={
                    "name": name,
                    "code": code,
                    "sort_order": order,
                    "departments": list(departments),
                    "is_default": code == "CAST",
                },
            )
            for name, code, order, departments in STAGES
        ]
    with desk.on(70, who="Tom") as by:
        grain = {
            sku: lots.add_lot(
                by=by,
                sent={
                    "product_id": str(desk.products[sku].id),
                    "quantity": "9000",
                    "inventory_type": "Raw material",
                },
            ).id
            for sku in GRAIN.values()
        }
    shop = Workshop(desk, stages, grain)
    for days_ago, casting, polish in _MADE:
        shop.made_through(days_ago, casting, polish)
    shop.under_way()
    shop.went_wrong()
    shop.planned()


@dataclass(frozen=True, slots=True)
class Workshop:
    """The bench of the demo company: its stages and the lots of grain that it casts."""

    desk: "Desk"
    stages: Sequence[UUID]
    grain: Mapping[str, UUID]

    def grain_for(self, sku: str) -> UUID:
        """The metal that a product is cast from."""
        material = self.desk.products[sku].attributes["material"]
        return self.grain[GRAIN[material.partition(" ")[0]]]

    def made_through(self, days_ago: float, casting: Shares, polish: Shares) -> None:
        """Cast, then polished, all of it received."""
        order = self.order(days_ago)
        cast = self.cast(order, days_ago)
        cast = self.receive(cast, days_ago - 2, casting)
        lot = next(row.lot_id for receipt in cast.receipts for row in receipt.rows if row.lot_id)
        with self.desk.on(max(0.4, days_ago - 2.5), who="Jonas") as by:
            job = self.job(by, order, 2, [Wanted(lot, full=True)])
        self.receive(job, max(0.2, days_ago - 4), polish)

    def under_way(self) -> None:
        """Jobs of which half has come, or nothing yet."""
        self.receive(
            self.cast(self.order(5), 4.5), 2, Shares("0.48", "0.01", "0.03", "0.01"), part="0.5"
        )
        self.cast(self.order(3), 2.2)
        order = self.order(1.5)
        with self.desk.on(1.2, who="Priya") as by:
            self.job(by, order, 0, [])

    def went_wrong(self) -> None:
        """One over its base, one completed with a gap, one given up."""
        over = self.receive(self.cast(self.order(19), 18), 15, Shares("1.04", "0", "0", "0.01"))
        with self.desk.on(14, who="Jonas") as by:
            production.complete_job(by=by, job=over.id)
        gap = self.receive(self.cast(self.order(13), 12), 9, Shares("0.87", "0.01", "0.04", "0.02"))
        with self.desk.on(8, who="Jonas") as by:
            production.complete_job(by=by, job=gap.id)
        lost = self.cast(self.order(7), 6.5)
        with self.desk.on(6, who="Jonas") as by:
            production.cancel_job(by=by, job=lost.id, reason="Mould cracked; cast again next week")

    def planned(self) -> None:
        """Runs of estimates: one that has begun, one that waits."""
        for days_ago, begins in ((2.5, True), (0.8, False)):
            order = self.order(days_ago, issue=False)
            make = {line.id: line.ordered for line in order.lines if line.is_stock}
            with self.desk.on(days_ago - 0.2, who="Priya") as by:
                run = runs.create_run(
                    by=by, new=NewRun(order.id, make=make, staff_id=self.desk.leads[2])
                )
            if begins:
                job = run.jobs[0]
                with self.desk.on(days_ago - 0.6, who="Tom") as by:
                    weight = job.weight_requested or Decimal(60)
                    wanted = [Wanted(self.grain_for(job.product_sku or ""), weight=str(weight))]
                    materials.issue_material(by=by, job=job.id, inputs=wanted)

    def order(self, days_ago: float, *, issue: bool = True) -> OrderPage:
        """An order of something that is made here."""
        desk = self.desk
        made = sorted(
            (row for row in desk.products.values() if row.is_manufactured and row.weight_per_unit),
            key=lambda row: row.sku,
        )
        product = desk.chance.choice(made)
        customer = desk.customers[desk.chance.choice(("Juniper Lane", "Fairlight & Sons"))]
        with desk.on(days_ago, who="Maya") as by:
            required = by.today + timedelta(days=21)
            new = NewOrder(
                customer_id=customer.id,
                order_lead_id=desk.chance.choice(desk.leads),
                lines=[
                    NewLine(product_id=product.id, quantity=desk.chance.choice((20, 30, 40, 60)))
                ],
                accept_terms=True,
                date_required=required,
                confirmed=frozenset({"past_date"}),
            )
            page = create_order(by=by, new=new)
            if issue:
                page = actions.issue_order(by=by, order=page.id, confirmed={"prepaid_unpaid"})
        return page

    def cast(self, order: OrderPage, days_ago: float) -> JobPage:
        """A job of the first stage with grain for its line and a little more."""
        line = next(line for line in order.lines if line.is_stock)
        weighs = new_jobs.weight_of_line(line) or (Decimal(60), "g")
        weight = round_half_up(weighs[0] * Decimal("1.06"), 1)
        with self.desk.on(days_ago - 0.2, who="Tom") as by:
            wanted = [Wanted(self.grain_for(line.sku), weight=str(weight))]
            return self.job(by, order, 0, wanted)

    def job(self, by: Caller, order: OrderPage, stage: int, inputs: list[Wanted]) -> JobPage:
        """A job of one stage, due in five days."""
        line = next(line for line in order.lines if line.is_stock)
        new = NewJob(
            order_id=order.id,
            line_id=line.id,
            stage_id=self.stages[stage],
            staff_id=self.desk.chance.choice(self.desk.leads),
            pieces_requested=str(line.ordered),
            issued_on=by.today if inputs else None,
            deadline=by.today + timedelta(days=5),
            inputs=inputs,
        )
        return new_jobs.create_job(by=by, new=new)

    def receive(self, job: JobPage, days_ago: float, shares: Shares, part: str = "1") -> JobPage:
        """What came of it; the pieces are those that were asked for, less what was rejected."""
        weights = {name: str(held) for name, held in shares.of(job.head.issued).items() if held}
        pieces = int((job.head.pieces_requested or Decimal(10)) * Decimal(part))
        row = Output(
            pieces=str(pieces),
            received=weights.get("received"),
            rejected=weights.get("rejected"),
            scrap=weights.get("scrap"),
            wasted=weights.get("waste"),
        )
        new = NewJobReceipt(rows=[row], quality="A", confirmed=frozenset({"over_base"}))
        with self.desk.on(days_ago, who="Jonas") as by:
            return receiving.receive(by=by, job=job.id, new=new)
