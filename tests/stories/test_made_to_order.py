"""Rings that are made to order, from the run to the parcel (domain 8.5, steps 1 to 11)."""

import pytest

from tests.plugins.server import Server
from tests.stories.shop import Shop, chips, lines, open_shop
from tests.stories.test_diamonds_and_rings import set_up


@pytest.fixture
def shop(server: Server) -> Shop:
    return open_shop(server)


def test_rings_are_made_from_silver_while_diamonds_come_from_stock(shop: Shop) -> None:
    made = set_up(shop)
    grain = shop.post(
        "/products",
        {"sku": "AG", "name": "Silver Grain", "default_unit": "g", "weight_unit": "g"},
    )["id"]
    silver = shop.post("/lots", {"product_id": grain, "quantity": "100", "tag_id": "AG0001"})["id"]
    stage = shop.post("/stages", {"name": "Casting"})["id"]

    # Step 1. The estimate.
    order = shop.post(
        "/sales-orders",
        {
            "customer_id": made["acme"],
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "discount_code": "TEN",
            "lines": [
                {"product_id": made["diamond"], "quantity": "750"},
                {"product_id": made["ring"], "quantity": "10"},
            ],
        },
    )
    number = order["number"]
    assert order["production"] is None

    # Step 2. The run makes the rings; diamonds are not offered.
    run = shop.act(number, "create-production-run")
    (job,) = run["jobs"]
    assert (run["number"], run["status"], run["skipped"]) == ("PR-00001", "pending", [1])
    assert (job["number"], job["pieces_requested"], job["weight_requested"], job["stage"]) == (
        "PJ-00001",
        "10",
        "30",
        {"id": stage, "name": "Casting"},
    )
    assert lines(shop.order(number), "status") == [("not_started",), ("not_started",)]

    # Step 3. One run per order.
    path = f"/sales-orders/{number}/actions/create-production-run"
    assert shop.refuses(409, "run_exists", "post", path) == {"run": "PR-00001"}

    # Step 4. Issue.
    order = shop.act(number, "issue")
    assert lines(order, "status") == [("not_started",), ("backordered",)]
    assert chips(order) == ("issued", "not_started", "unpaid")

    # Step 5. 32 g of silver into the job.
    at = "/production-jobs/PJ-00001"
    job = shop.post(
        f"{at}/actions/issue-material", {"inputs": [{"lot_id": silver, "weight": "32"}]}
    )
    assert (job["status"], job["weight_issued"]) == ("ongoing", "32")
    order = shop.order(number)
    assert lines(order, "status") == [("not_started",), ("in_progress",)]
    assert order["fulfillment_status"] == "in_production"
    assert order["lines"][1]["reasons"] == [
        {
            "fact": "job",
            "value": "ongoing",
            "of": None,
            "source": "production job PJ-00001",
            "text": "production job PJ-00001 is ongoing",
        }
    ]
    assert shop.get("/production-runs/PR-00001")["status"] == "in_progress"

    # Step 6. Select the diamonds: all of one lot, 150 of the other.
    diamonds, rings = order["lines"][0]["id"], order["lines"][1]["id"]
    order = shop.act(
        number,
        "select-inventory",
        lines=[
            {
                "line_id": diamonds,
                "selections": [
                    {"lot_id": made["first"], "full": True},
                    {"lot_id": made["second"], "quantity": "150"},
                ],
                "mark_ready": True,
            }
        ],
    )
    assert lines(order, "status", "fulfilled_quantity") == [("ready", "750"), ("in_progress", "0")]
    assert shop.stock(made["diamond"]) == {
        "on_hand": "50",
        "reserved": "0",
        "short": "0",
        "available": "50",
    }

    # Step 7. More than the line still needs, and more than the lot still holds.
    more = {"line_id": diamonds, "selections": [{"lot_id": made["second"], "quantity": "60"}]}
    path = f"/sales-orders/{number}/actions/select-inventory"
    shop.refuses(409, "over_selection", "post", path, {"lines": [more]})

    # Step 8. Receive the rings, and give them to their line at once.
    job = shop.post(
        f"{at}/actions/receive",
        {
            "rows": [
                {
                    "product_id": made["ring"],
                    "pieces": "10",
                    "received": "28.0",
                    "rejected": {"weight": "0.5"},
                    "scrap": {"weight": "1.0"},
                    "wasted": "0.5",
                }
            ],
            "assign_to_line": True,
        },
    )
    assert (job["status"], job["weights"]["pending"], job["flags"]) == ("completed", "0", [])
    assert job["efficiency"] == {
        "output": "95.0",
        "gross_waste": "5.0",
        "net_waste": "1.7",
        "consumption": "5.3",
    }
    assert shop.get("/production-runs/PR-00001")["status"] == "completed"
    order = shop.order(number)
    production = order["production"]
    assert (production["final_stage"], production["final_output"], production["net_input"]) == (
        "Casting",
        "28.5",
        "32",
    )
    assert production["efficiency"] == {
        "output": "89.1",
        "gross_waste": "4.7",
        "net_waste": "1.6",
        "consumption": "5.3",
    }
    assert lines(order, "status") == [("ready",), ("production_completed",)]
    assert order["fulfillment_status"] == "ready_to_ship"
    assert order["lines"][1]["production_progress"]["progress"]["completed"] == "93.3"

    # Steps 10 and 11. Two parcels, and the order is fulfilled.
    carrier = str(shop.company.carrier_id)
    for line, tracking in ((diamonds, "1Z1"), (rings, "1Z2")):
        selections = [
            {"selection_id": one["id"]}
            for one in shop.get(f"/sales-orders/{number}/selections")["data"]
            if one["line_id"] == line
        ]
        shop.act(
            number,
            "create-shipment",
            carrier_id=carrier,
            tracking_number=tracking,
            lines=[{"line_id": line, "selections": selections}],
        )
    assert chips(shop.order(number)) == ("fulfilled", "shipped", "unpaid")
