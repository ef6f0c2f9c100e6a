"""Properties of the status model over any facts, and over random walks of what can happen."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from orderwright.sales import lifecycle, rules, statuses
from orderwright.sales.allowed import PERMISSIONS, allowed_actions
from orderwright.sales.rules import JobFacts, LineFacts, OrderFacts, ShipmentFacts

EVERY_PERMISSION = frozenset(code for codes in PERMISSIONS.values() for code in codes)
whole = st.integers(0, 12).map(Decimal)
trackings = st.sampled_from(
    ["pending", "in_transit", "out_for_delivery", "delivered", "exception", "cancelled", "returned"]
)
shipments = st.builds(
    ShipmentFacts,
    st.just("SO-00001"),
    st.sampled_from(["packed", "shipped", "voided"]),
    trackings,
)
jobs = st.builds(
    JobFacts,
    st.just("PJ-00001"),
    st.sampled_from(["unscheduled", "scheduled", "ongoing", "completed", "cancelled"]),
)
lines = st.builds(
    LineFacts,
    id=st.integers(1, 10**6).map(lambda number: UUID(int=number)),
    position=st.integers(1, 9),
    ordered=st.integers(1, 12).map(Decimal),
    kind=st.sampled_from(["product", "product", "product", "service", "freight"]),
    basis=st.sampled_from(["quantity", "weight"]),
    cancelled=st.booleans(),
    cancelled_quantity=whole,
    retrieved=whole,
    picked=whole,
    shipped=whole,
    returned=whole,
    short=whole,
    ready=st.booleans(),
    jobs=st.lists(jobs, max_size=3).map(tuple),
    shipments=st.lists(shipments, max_size=3).map(tuple),
)
orders = st.builds(
    OrderFacts,
    st.just("SO-00001"),
    st.sampled_from(["estimate", "issued", "fulfilled", "completed"]),
    st.lists(lines, max_size=4).map(tuple),
    st.lists(shipments, max_size=3).map(tuple),
    customer_status=st.sampled_from(["normal", "preferred", "hold_shipment", "hold_all"]),
    manual_hold=st.booleans(),
    reopened=st.booleans(),
    invoices=st.integers(0, 2),
)


@given(orders)
def test_every_status_is_a_known_code_and_says_why(order: OrderFacts) -> None:
    found = statuses.statuses_of(order)
    assert found.fulfillment.status in statuses.FULFILLMENT_STATUSES
    assert found.fulfillment.reasons
    for line, derived in zip(order.lines, found.lines, strict=True):
        assert (derived is None) == (line.kind != "product")
        if derived is not None:
            assert derived.status in statuses.LINE_STATUSES
            assert derived.reasons
    assert sum(found.line_status_counts.values()) == len(order.stock_lines)
    assert found.fulfillment == statuses.fulfillment_of(order)


@given(orders)
def test_a_cancelled_line_changes_nothing_for_the_order(order: OrderFacts) -> None:
    assume(order.active_lines)
    gone = LineFacts(UUID(int=7), 9, Decimal(5), cancelled=True, cancelled_quantity=Decimal(5))
    with_it = replace(order, lines=(*order.lines, gone))
    assert statuses.fulfillment_of(with_it) == statuses.fulfillment_of(order)


@given(orders)
def test_a_hold_is_the_loudest_fact_while_anything_is_outstanding(order: OrderFacts) -> None:
    held = replace(order, manual_hold=True)
    outstanding = any(line.outstanding for line in held.active_lines)
    assert (statuses.fulfillment_of(held).status == "on_hold") == outstanding


@given(orders)
def test_an_order_with_something_outstanding_is_never_shown_as_done(order: OrderFacts) -> None:
    assume(any(line.outstanding for line in order.active_lines))
    done = {"shipped", "completed", "all_returned", "partially_returned", "cancelled"}
    assert statuses.fulfillment_of(order).status not in done


@given(st.lists(shipments, max_size=4).map(tuple))
def test_a_shipped_order_is_complete_exactly_when_every_live_shipment_is_delivered(
    sent: tuple[ShipmentFacts, ...],
) -> None:
    line = LineFacts(UUID(int=1), 1, Decimal(5), shipped=Decimal(5))
    found = statuses.fulfillment_of(OrderFacts("SO-00001", "fulfilled", (line,), sent))
    live = [shipment.tracking_status for shipment in sent if shipment.is_live]
    assert (found.status == "completed") == (set(live) == {"delivered"})


@given(orders)
def test_the_order_of_the_lines_does_not_matter(order: OrderFacts) -> None:
    turned = replace(order, lines=tuple(reversed(order.lines)))
    assert statuses.fulfillment_of(turned).status == statuses.fulfillment_of(order).status
    assert statuses.line_status_counts(turned) == statuses.line_status_counts(order)


@given(orders, st.frozensets(st.sampled_from(sorted(EVERY_PERMISSION))))
def test_a_button_is_offered_exactly_when_the_check_lets_the_action_through(
    order: OrderFacts, permissions: frozenset[str]
) -> None:
    for offered in allowed_actions(order, permissions):
        has_permission = permissions.issuperset(PERMISSIONS[offered.action])
        passes = lifecycle.why_refused(offered.action, order) is None
        assert offered.allowed == (has_permission and passes)
        assert (offered.why_not is None) == offered.allowed


class OrderLife(RuleBasedStateMachine):
    """What can happen to an order of two lines, in any order, as the areas would report it."""

    @initialize(ordered=st.tuples(st.integers(1, 9), st.integers(1, 9)))
    def begin(self, ordered: tuple[int, int]) -> None:
        self.order = OrderFacts(
            "SO-00001",
            "estimate",
            tuple(
                LineFacts(UUID(int=at), at, Decimal(quantity))
                for at, quantity in enumerate(ordered, start=1)
            ),
        )

    @rule(action=st.sampled_from(["issue", "unissue"]))
    def move(self, action: str) -> None:
        if lifecycle.why_refused(action, self.order) is None:
            status = lifecycle.LIFECYCLE.plan_move(action, self.order.status)
            kept = replace(self.order, status=status)
            if action == "unissue":
                kept = self._each(kept, lambda line: replace(line, retrieved=Decimal(0)))
            self.order = kept
            self._settle()

    @rule(at=st.integers(0, 1), share=st.integers(1, 9), mark=st.booleans())
    def select(self, at: int, share: int, mark: bool) -> None:
        if lifecycle.why_refused("select-inventory", self.order) is not None:
            return
        line = self.order.lines[at]
        taken = min(Decimal(share), line.to_select)
        self._set(at, replace(line, retrieved=line.retrieved + taken, ready=line.ready or mark))
        self._settle()

    @rule(at=st.integers(0, 1))
    def ship(self, at: int) -> None:
        if lifecycle.why_refused("create-shipment", self.order) is not None:
            return
        line = self.order.lines[at]
        if not line.retrieved:
            return
        sent = ShipmentFacts(f"SO-00001-{len(self.order.shipments) + 1}")
        self._set(
            at,
            replace(
                line,
                shipped=line.shipped + line.retrieved,
                retrieved=Decimal(0),
                shipments=(*line.shipments, sent),
            ),
        )
        self.order = replace(self.order, shipments=(*self.order.shipments, sent))
        self._settle()

    @rule(ids=st.sets(st.integers(1, 2), min_size=1))
    def cancel(self, ids: set[int]) -> None:
        if lifecycle.why_refused("cancel-lines", self.order) is not None:
            return
        chosen = [line.id for line in self.order.lines if line.position in ids]
        if not any(line.outstanding for line in self.order.lines if line.id in chosen):
            return
        plan = rules.plan_cancel(self.order, chosen)
        for at, line in enumerate(self.order.lines):
            if line.id in plan.cancelled:
                self._set(
                    at,
                    replace(
                        line,
                        cancelled_quantity=plan.cancelled[line.id],
                        cancelled=line.id in plan.flagged,
                        retrieved=Decimal(0),
                    ),
                )
        self._settle()

    @rule(ids=st.sets(st.integers(1, 2), min_size=1))
    def restore(self, ids: set[int]) -> None:
        if lifecycle.why_refused("restore-lines", self.order) is not None:
            return
        chosen = [line.id for line in self.order.lines if line.position in ids]
        if not any(line.cancelled_quantity for line in self.order.lines if line.id in chosen):
            return
        for line_id in rules.plan_restore(self.order, chosen):
            at = [line.id for line in self.order.lines].index(line_id)
            whole = replace(self.order.lines[at], cancelled=False, cancelled_quantity=Decimal(0))
            self._set(at, whole)
        self._settle()

    @rule(at=st.integers(0, 1), share=st.integers(1, 9))
    def take_back(self, at: int, share: int) -> None:
        line = self.order.lines[at]
        self._set(at, replace(line, returned=min(line.shipped, line.returned + share)))

    @rule(held=st.booleans(), customer=st.sampled_from(["normal", "hold_shipment", "hold_all"]))
    def hold(self, held: bool, customer: str) -> None:
        self.order = replace(self.order, manual_hold=held, customer_status=customer)

    @invariant()
    def statuses_are_consistent(self) -> None:
        if not hasattr(self, "order"):
            return
        found = statuses.statuses_of(self.order)
        assert found.fulfillment.reasons
        for line, derived in zip(self.order.lines, found.lines, strict=True):
            assert derived is not None
            assert line.shipped <= line.effective
            assert (derived.status == "cancelled") == line.is_cancelled
            if derived.status == "ready":
                assert line.retrieved == line.outstanding
        if self.order.status == "fulfilled":
            assert not any(line.outstanding for line in self.order.active_lines)
        if any(line.shipped for line in self.order.lines):
            assert self.order.status != "estimate"

    def _set(self, at: int, line: LineFacts) -> None:
        placed = list(self.order.lines)
        placed[at] = line
        self.order = replace(self.order, lines=tuple(placed))

    def _each(self, order: OrderFacts, change) -> OrderFacts:
        return replace(order, lines=tuple(change(line) for line in order.lines))

    def _settle(self) -> None:
        self.order = self._each(
            self.order, lambda line: replace(line, ready=rules.keeps_ready(line))
        )
        self.order = replace(
            self.order, status=lifecycle.plan_automatic_move(self.order) or self.order.status
        )


TestOrderLife = OrderLife.TestCase
