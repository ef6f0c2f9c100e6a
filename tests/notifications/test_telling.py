"""An event is told to whom it concerns: once, never to who did it, nothing that is not theirs."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from orderwright.activity import records
from orderwright.directory import actions as directory
from orderwright.directory.suppliers import SUPPLIER
from orderwright.identity.models import User
from orderwright.notifications import actions, queries, telling
from orderwright.notifications.models import Notification
from orderwright.production import actions as production
from orderwright.production.stages import STAGE
from orderwright.sales import actions as sales
from orderwright.sales import order_tasks
from tests.notifications.listeners import Listeners, open_listeners
from tests.production.workshop import Workshop
from tests.purchasing.buying import Buying
from tests.sales.desk import counted

pytestmark = pytest.mark.django_db


@pytest.fixture
def listeners() -> Listeners:
    return open_listeners()


def test_the_lead_hears_what_becomes_of_an_order(listeners: Listeners) -> None:
    desk = listeners.desk
    order = desk.issued({desk.product(): 5})
    sales.hold_order(by=desk.by, order=order.id, reason="Address?")
    sales.release_hold(by=desk.by, order=order.id)
    listeners.run()
    rows = queries.notifications(listeners.lead)
    assert [(row.title, row.body) for row in reversed(rows)] == [
        ("SO-00001 for Acme is issued.", ""),
        ("Gem of SO-00001 for Acme is backordered.", "There is not enough in stock."),
        ("SO-00001 for Acme is on hold.", "Address?"),
        ("SO-00001 for Acme is off hold.", "Address?"),
    ]
    assert {row.link for row in rows} == {"/orders/sales/SO-00001"}


def test_who_did_it_is_not_told(listeners: Listeners) -> None:
    desk = listeners.desk
    gem = desk.product()
    order = desk.order({gem: 5})
    desk.lot(gem, 5)
    by = replace(listeners.lead, permissions=desk.by.permissions)
    sales.issue_order(by=by, order=order.id)
    listeners.run()
    assert listeners.titles(listeners.lead) == []


def test_a_job_that_runs_twice_tells_once(listeners: Listeners) -> None:
    desk = listeners.desk
    order = desk.issued({desk.product(): 5})
    assert listeners.run() == 2
    assert listeners.run(again=True) == 0
    assert len(listeners.titles(listeners.lead)) == 2
    assert order.head.number == "SO-00001"


def test_a_colleague_and_a_key_see_nothing_of_it(listeners: Listeners) -> None:
    desk = listeners.desk
    colleague = listeners.person("Admin")
    desk.issued({desk.product(): 5})
    listeners.run()
    assert (listeners.titles(colleague), listeners.titles(desk.by)) == ([], [])


def test_a_lead_who_may_not_know_customers_hears_no_name() -> None:
    listeners = open_listeners(lead_role="Manager")
    desk = listeners.desk
    desk.issued({desk.product(): 5})
    listeners.run()
    assert listeners.titles(listeners.lead)[0] == "SO-00001 is issued."


def test_a_lead_who_may_not_see_orders_hears_nothing() -> None:
    listeners = open_listeners(lead_role="Member")
    desk = listeners.desk
    desk.issued({desk.product(): 5})
    assert listeners.run() == 0


def test_nobody_who_cannot_sign_in_is_told(listeners: Listeners) -> None:
    User.objects.filter(email="lea@works.example").update(status="disabled")
    listeners.desk.issued({listeners.desk.product(): 5})
    assert listeners.run() == 0


def test_a_customer_on_hold_is_told_with_the_number_of_open_orders(listeners: Listeners) -> None:
    desk = listeners.desk
    product = desk.product()
    for _ in range(3):
        desk.issued({product: 1})
    colleague = listeners.person("Sales")
    desk.issued({product: 1}, order_lead_id=listeners.staff_of(colleague))
    listeners.run()
    for status in ("hold_all", "hold_shipment", "normal"):
        directory.change_customer_status(
            by=desk.by, customer_id=desk.customer, status=status, reason="Unpaid"
        )
    listeners.run()
    assert listeners.titles(listeners.lead)[-2:] == [
        "Acme is on hold: 3 open orders of yours are affected.",
        "Acme is off hold: 3 open orders of yours go on.",
    ]
    assert listeners.titles(colleague)[-2:] == [
        "Acme is on hold: 1 open order of yours is affected.",
        "Acme is off hold: 1 open order of yours goes on.",
    ]


def test_a_shipment_and_a_payment_are_told(listeners: Listeners) -> None:
    desk = listeners.desk
    finance, warehouse = listeners.person("Finance"), listeners.person("Warehouse")
    order = desk.shipped({desk.product(base_price="10.00"): 5})
    desk.pay(desk.final(order), "50.00")
    listeners.run()
    assert listeners.titles(listeners.lead, category="shipment_tracking") == [
        "Shipment SO-00001 for Acme has left with UPS."
    ]
    assert listeners.titles(listeners.lead, category="billing") == [
        "Invoice INV-00001 of Acme is paid in full."
    ]
    assert listeners.titles(finance) == ["Acme paid 50.00 USD."]
    assert listeners.titles(warehouse) == []


def test_goods_that_arrive_are_told_to_the_lead_of_the_order_that_waited(
    listeners: Listeners,
) -> None:
    desk = listeners.desk
    sent = {"name": "Rough & Sons"}
    buying = Buying(desk.company, desk.by, records.create(by=desk.by, kind=SUPPLIER, sent=sent))
    gem = desk.product(sku="GEM", name="Round Diamond")
    desk.issued({gem: 10})
    listeners.run()
    bought = buying.ordered({gem: 12})
    for arrived in (4, 8):
        buying.receive(bought, {1: arrived})
    listeners.run()
    assert listeners.titles(listeners.lead, category="inventory_alerts")[1:] == [
        "Goods for SO-00001 for Acme have arrived: 4 pcs Round Diamond.",
        "SO-00001 for Acme can ship: 6 pcs Round Diamond arrived.",
    ]


def test_a_completed_job_is_told_to_its_worker_and_to_the_lead(listeners: Listeners) -> None:
    desk = listeners.desk
    stage = records.create(by=desk.by, kind=STAGE, sent={"name": "Casting", "is_default": True})
    shop = Workshop(desk.company, desk.by, desk.customer, preform=stage)
    ring = desk.product(sku="RING", is_manufactured=True)
    grain = desk.lot(desk.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    worker = listeners.person("Member", name="Wim")
    order = desk.order({ring: 4})
    job = shop.job(order, staff_id=listeners.staff_of(worker), inputs={grain: 10})
    production.complete_job(by=desk.by, job=job.head.id)
    listeners.run()
    assert listeners.titles(worker) == [
        f"Production job {job.head.number} for SO-00001 is completed."
    ]
    assert listeners.titles(listeners.lead, category="production_events") == [
        f"Production job {job.head.number} for SO-00001 for Acme is completed."
    ]


def test_who_gets_a_task_is_told_once(listeners: Listeners) -> None:
    desk = listeners.desk
    order = desk.order({desk.product(): 5})
    colleague = listeners.person("Warehouse", name="Wim")
    staff = listeners.staff_of(colleague)
    task = order_tasks.add_task(
        by=desk.by, order=order.id, sent={"title": "Call Bo", "assignee_id": staff}
    )
    for title in ("Call Bo Li", "Call Bo Li again"):
        order_tasks.edit_task(by=desk.by, order=order.id, task_id=task.id, sent={"title": title})
    listeners.run()
    assert listeners.titles(colleague) == ["You have a task about SO-00001 for Acme: Call Bo"]


def test_dates_are_told_once_for_each_day_that_something_was_due(listeners: Listeners) -> None:
    desk = listeners.desk
    finance = listeners.person("Finance")
    order = desk.shipped({desk.product(base_price="10.00"): 5})
    invoice = desk.final(order)
    order_tasks.add_task(
        by=desk.by,
        order=order.id,
        sent={
            "title": "Call Bo",
            "assignee_id": desk.company.lead_id,
            "due_on": desk.by.today.isoformat(),
        },
    )
    assert listeners.look() == 1
    assert listeners.look() == 0
    days = (invoice.head.due_date - desk.by.today).days
    late = desk.by.now + timedelta(days=days + 1)
    assert listeners.look(now=late) == 3  # the founder, who is an Admin, too
    assert listeners.look(now=late + timedelta(days=1)) == 0
    told = "Invoice INV-00001 of Acme is overdue: 50.00 USD is open."
    assert listeners.titles(finance) == [told]
    assert listeners.titles(listeners.lead) == [
        "A task about SO-00001 for Acme is due: Call Bo",
        told,
    ]


def test_stock_that_ran_low_is_told_again_only_after_it_recovered(listeners: Listeners) -> None:
    desk = listeners.desk
    warehouse, viewer = listeners.person("Warehouse"), listeners.person("Viewer")
    gem = desk.product(name="Round Diamond", reorder_threshold=Decimal(10))
    lot = desk.lot(gem, 12)
    assert listeners.look() == 0
    order = desk.issued({gem: 4})
    desk.ship_lots(order, {lot: 4})
    assert (listeners.look(), listeners.look()) == (2, 0)  # the founder too
    desk.lot(gem, 10)
    assert listeners.look() == 0
    desk.ship_lots(desk.issued({gem: 8}), {lot: 8})
    assert listeners.look() == 2
    assert listeners.titles(warehouse) == [
        "Round Diamond is low: 8 pcs on hand.",
        "Round Diamond is low: 10 pcs on hand.",
    ]
    assert listeners.titles(viewer) == []


def test_the_number_of_statements_is_the_same_for_any_number_of_people(
    listeners: Listeners,
) -> None:
    desk = listeners.desk
    order = desk.shipped({desk.product(base_price="10.00"): 5})
    invoice = desk.final(order)
    costs = []
    for people in (1, 6):
        for number in range(people):
            listeners.person("Finance", name=f"Fin{people}{number}")
        listeners.run()
        desk.pay(invoice, "1.00")
        with counted() as found:
            assert listeners.run() >= people
        costs += found
    assert costs[0] == costs[1]


def test_an_e_mail_leaves_for_who_chose_it_and_once(listeners: Listeners) -> None:
    desk = listeners.desk
    actions.change_preferences(
        by=listeners.lead, sent={"order_updates": {"in_app": False, "email": True}}
    )
    desk.issued({desk.product(): 5}, customer_po_number="7")
    listeners.run()
    (notification_id,) = listeners.mailed
    for _ in range(2):
        telling.send_email(by=desk.by, notification_id=notification_id)
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["lea@works.example"], "SO-00001 for Acme is issued.")
    assert "http://localhost:8000/orders/sales/SO-00001" in message.body
    assert listeners.titles(listeners.lead, category="order_updates") == []


def test_who_wants_nothing_of_a_category_gets_nothing(listeners: Listeners) -> None:
    desk = listeners.desk
    actions.change_preferences(by=listeners.lead, sent={"order_updates": {"in_app": False}})
    desk.issued({desk.product(): 5})
    listeners.run()
    assert listeners.titles(listeners.lead) == ["Gem of SO-00001 for Acme is backordered."]
    assert Notification.objects.count() == 1


def test_what_is_older_than_90_days_is_deleted(listeners: Listeners) -> None:
    desk = listeners.desk
    desk.issued({desk.product(): 5})
    listeners.run()
    for days, gone in ((90, 0), (91, 2)):
        by = replace(desk.by, now=desk.by.now + timedelta(days=days))
        assert telling.forget_old(by=by) == gone
