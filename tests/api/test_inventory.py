"""Lots and availability over HTTP, as a program meets them."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.activity.models import Event
from tests.company import Api, Company, found_company
from tests.inventory.books import contradictions
from tests.inventory.warehouse import Warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return found_company()


@pytest.fixture
def api(company: Company) -> Api:
    return company.api()


@pytest.fixture
def gem(company: Company) -> UUID:
    return company.product(sku="GEM", name="Round Diamond")


@pytest.fixture
def vault(api: Api) -> str:
    return str(api.post("/locations", {"name": "Vault"}).body["id"])


def added(api: Api, product: UUID, quantity: object = "10", **sent: Any) -> dict[str, Any]:
    made = api.post("/lots", {"product_id": product, "quantity": quantity, **sent})
    assert made.status == 201, made.body
    return dict(made.body)


def refused(answer: Any) -> tuple[int, str, list[str]]:
    return answer.status, answer.body["code"], sorted(answer.body["fields"])


def test_a_lot_is_added_and_read_as_the_contract_says(
    api: Api, company: Company, gem: UUID
) -> None:
    made = added(api, gem, 600, weight=120.5, quality="VS", unit_cost="2.5", source="import")
    location = str(company.location_id)
    assert made == api.get(f"/lots/{made['id']}").body == api.get("/lots/gem0001").body
    times = {name: made.pop(name) for name in ("created_at", "updated_at")}
    assert all(value.endswith("Z") for value in times.values())
    assert made == {
        "id": made["id"],
        "tag_id": "GEM0001",
        "version": 1,
        "product_id": str(gem),
        "product": {"id": str(gem), "sku": "GEM", "name": "Round Diamond"},
        "location_id": location,
        "location": {"id": location, "name": "Main"},
        "quantity": "600",
        "unit": "pcs",
        "weight": "120.5",
        "weight_unit": "g",
        "status": "available",
        "inventory_type": "Finished",
        "finished_type": None,
        "shape": None,
        "size": None,
        "color": None,
        "quality": "VS",
        "rack": None,
        "source": "manual",
        "source_id": None,
        "notes": None,
        "unit_cost": "2.50",
        "currency": "USD",
    }


def test_what_a_lot_cost_is_absent_for_those_who_may_not_see_it(
    api: Api, company: Company, gem: UUID
) -> None:
    made = added(api, gem, unit_cost="2.5")
    keeper = company.api("Warehouse")
    seen = keeper.get(f"/lots/{made['id']}").body
    listed = keeper.get("/lots").body["data"][0]
    assert {"unit_cost", "currency"} & (seen.keys() | listed.keys()) == set()
    assert company.api("Finance").get(f"/lots/{made['id']}").body["unit_cost"] == "2.50"


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"quantity": None}, "required", "quantity"),
        ({"product_id": None}, "required", "product_id"),
        ({"product_id": str(uuid4())}, "unknown_product", "product_id"),
        ({"product_id": 7}, "unknown_reference", "product_id"),
        ({"location_id": str(uuid4())}, "unknown_location", "location_id"),
        ({"quantity": "1.5"}, "invalid_quantity", "quantity"),
        ({"quantity": -1}, "invalid_quantity", "quantity"),
        ({"quantity": "9" * 40}, "invalid_number", "quantity"),
        ({"quantity": {"a": 1}}, "invalid_number", "quantity"),
        ({"quantity": 10**400}, "invalid_number", "quantity"),
        ({"weight": "1e9999"}, "invalid_number", "weight"),
        ({"weight": "999999999999.9999999"}, "invalid_weight", "weight"),
        ({"weight_unit": "carat"}, "unknown_weight_unit", "weight_unit"),
        ({"tag_id": "GEM_1"}, "invalid_tag", "tag_id"),
        ({"tag_id": "G" * 51}, "invalid_tag", "tag_id"),
        ({"tag_id": 5}, "invalid_tag", "tag_id"),
        ({"size": "x" * 41}, "invalid_text", "size"),
        ({"auto_merge": "perhaps"}, "invalid_flag", "auto_merge"),
    ],
)
def test_what_cannot_be_added_is_refused_with_its_field(
    api: Api, gem: UUID, sent: dict[str, Any], code: str, field: str
) -> None:
    answer = api.post("/lots", {"product_id": gem, "quantity": "1", **sent})
    assert refused(answer) == (422, code, [field])


def test_a_weight_too_large_for_its_unit_is_refused(api: Api, company: Company) -> None:
    ore = company.product(sku="ORE", default_unit="tonne", weight_unit="mg")
    answer = api.post("/lots", {"product_id": ore, "quantity": "99999999999"})
    assert refused(answer) == (422, "invalid_weight", ["quantity"])


def test_a_taken_tag_is_a_conflict(api: Api, gem: UUID) -> None:
    added(api, gem, tag_id="GEM-1")
    answer = api.post("/lots", {"product_id": gem, "quantity": 1, "tag_id": "gem-1"})
    assert refused(answer) == (409, "duplicate", ["tag_id"])


def test_the_same_request_with_its_key_makes_one_lot(api: Api, gem: UUID) -> None:
    body = {"product_id": gem, "quantity": 5}
    first, again = (api.post("/lots", body, **{"Idempotency-Key": "k1"}) for _ in range(2))
    assert (first.status, again.status, first.body == again.body) == (201, 201, True)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.get("/lots").body["data"]) == 1


def test_stock_of_one_kind_merges_when_asked(api: Api, gem: UUID) -> None:
    first = added(api, gem, 600, weight=120)
    merged = added(api, gem, 200, weight=40, auto_merge=True)
    assert (merged["id"], merged["quantity"], merged["weight"]) == (first["id"], "800", "160")


def test_counting_answers_the_lot_and_leaves_a_movement(
    api: Api, company: Company, gem: UUID
) -> None:
    lot = added(api, gem, 10, weight=5)
    path = f"/lots/{lot['id']}"
    body = {"quantity": "8", "reason": "stocktaking", "version": 1}
    counted = api.post(f"{path}/actions/adjust", body)
    assert (counted.status, counted.body["quantity"], counted.body["version"]) == (200, "8", 2)
    movements = api.get(f"{path}/movements").body
    assert movements["next_cursor"] is None
    assert [row["action"] for row in movements["data"]] == ["user_correction", "create_record"]
    newest = dict(movements["data"][0])
    assert newest.pop("at").endswith("Z")
    assert newest == {
        "id": newest["id"],
        "lot_id": lot["id"],
        "product_id": str(gem),
        "action": "user_correction",
        "quantity_delta": "-2",
        "quantity_after": "8",
        "unit": "pcs",
        "weight_delta": "0",
        "weight_after": "5",
        "weight_unit": "g",
        "reason": "stocktaking",
        "cause_id": None,
        "cause": "by hand",
        "actor": {"name": newest["actor"]["name"]},
    }


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"quantity": "8"}, "required", "reason"),
        ({"quantity": "8", "reason": "  "}, "required", "reason"),
        ({"quantity": "-8", "reason": "x"}, "invalid_quantity", "quantity"),
        ({"reason": "x"}, "nothing_counted", "quantity"),
        ({"quantity": "8", "reason": "x", "version": "two"}, "invalid_number", "version"),
    ],
)
def test_a_count_that_makes_no_sense_is_refused(
    api: Api, gem: UUID, sent: dict[str, Any], code: str, field: str
) -> None:
    lot = added(api, gem)
    answer = api.post(f"/lots/{lot['id']}/actions/adjust", sent)
    assert refused(answer) == (422, code, [field])


def test_a_stale_version_is_refused_with_the_lot_as_it_is(api: Api, gem: UUID, vault: str) -> None:
    path = f"/lots/{added(api, gem)['id']}"
    api.patch(path, {"size": "2"})
    for answer in (
        api.patch(path, {"size": "3", "version": 1}),
        api.post(f"{path}/actions/adjust", {"quantity": 1, "reason": "x", "version": 1}),
        api.post(f"{path}/actions/transfer", {"location_id": vault, "version": 1}),
    ):
        assert refused(answer) == (409, "stale_version", [])
        assert answer.body["details"]["current"] == api.get(path).body


def test_a_lot_moves(api: Api, gem: UUID, vault: str) -> None:
    path = f"/lots/{added(api, gem, rack='A1')['id']}"
    moved = api.post(f"{path}/actions/transfer", {"location_id": vault, "rack": "C3"})
    assert moved.status == 200
    assert moved.body["location"] == {"id": vault, "name": "Vault"}
    assert moved.body["rack"] == "C3"
    again = api.post(f"{path}/actions/transfer", {"location_id": vault})
    nowhere = api.post(f"{path}/actions/transfer", {"location_id": str(uuid4())})
    missing = api.post(f"{path}/actions/transfer", {})
    assert refused(again) == (409, "already_there", [])
    assert refused(nowhere) == (422, "unknown_location", ["location_id"])
    assert refused(missing) == (422, "required", ["location_id"])


def test_a_lot_is_described_and_its_quantity_is_not(api: Api, gem: UUID) -> None:
    lot = added(api, gem, quality="VS")
    path = f"/lots/{lot['id']}"
    edited = api.patch(path, {**lot, "quality": "VVS", "notes": "two lines\nof text"})
    assert edited.status == 200
    assert (edited.body["quality"], edited.body["notes"]) == ("VVS", "two lines\nof text")
    answer = api.patch(path, {"quantity": "11"})
    assert refused(answer) == (422, "not_editable", ["quantity"])


def test_a_lot_that_was_never_used_is_deleted(api: Api, gem: UUID) -> None:
    path = f"/lots/{added(api, gem)['id']}"
    assert api.delete(path).status == 204
    assert api.get(path).status == 404
    assert api.delete(path).status == 404
    assert api.get(f"/products/{gem}/availability").body["on_hand"] == "0"


def test_a_lot_that_was_selected_is_in_use(api: Api, company: Company, gem: UUID) -> None:
    lot = UUID(added(api, gem)["id"])
    warehouse = Warehouse(company, company.by)
    company.enter()
    warehouse.select(warehouse.promise(gem, 5), {lot: 5})
    assert refused(api.delete(f"/lots/{lot}")) == (409, "in_use", [])


def test_availability_follows_the_walk(api: Api, company: Company, gem: UUID) -> None:
    whole = UUID(added(api, gem, 600, weight=120, tag_id="GEMDIA0001")["id"])
    part = UUID(added(api, gem, 200, weight=40, tag_id="GEMDIA0002")["id"])
    warehouse = Warehouse(company, company.by)
    company.enter()
    line = warehouse.promise(gem, 750)
    promised = api.get(f"/products/{gem}/availability")
    company.enter()
    warehouse.select(line, {whole: "full", part: 150})
    selected = api.get(f"/products/{gem}/availability")
    assert promised.body == {
        "product_id": str(gem), "on_hand": "800", "reserved": "750", "short": "0",
        "available": "50",
    }  # fmt: skip
    assert selected.body == {
        "product_id": str(gem), "on_hand": "50", "reserved": "0", "short": "0", "available": "50",
    }  # fmt: skip
    assert api.get(f"/lots/{whole}").body["status"] == "retrieved_out"
    company.enter()
    assert contradictions() == {}


@pytest.mark.parametrize("product", ["00000000-0000-7000-8000-000000000001", "GEM", "0"])
def test_nothing_is_known_of_a_product_that_is_not_there(api: Api, product: str) -> None:
    assert api.get(f"/products/{product}/availability").status == 404


def test_lists_go_on_by_cursor_and_narrow_down(api: Api, company: Company, gem: UUID) -> None:
    ring = company.product(sku="RING")
    tags = [added(api, gem, 1)["tag_id"] for _ in range(4)]
    added(api, ring, 1)
    seen, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = api.get("/lots", product_id=str(gem), limit=3, **more).body
        seen.append([row["tag_id"] for row in page["data"]])
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == [[tags[3], tags[2], tags[1]], [tags[0]]]
    assert [row["tag_id"] for row in api.get("/lots", q="ring").body["data"]] == ["RING0001"]
    assert [row["tag_id"] for row in api.get("/lots", tag="gem0002").body["data"]] == ["GEM0002"]
    assert api.get("/lots", status="rejected").body == {"data": [], "next_cursor": None}


@pytest.mark.parametrize(
    ("filters", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"status": "lost"}, "status"),
        ({"product_id": "gem"}, "product_id"),
        ({"q": "x" * 201}, "q"),
    ],
)
def test_a_list_refuses_what_it_does_not_understand(
    api: Api, filters: dict[str, Any], field: str
) -> None:
    answer = api.get("/lots", **filters)
    assert (answer.status, sorted(answer.body["fields"])) == (422, [field])


@pytest.mark.parametrize(
    "reference",
    ["00000000-0000-7000-8000-000000000001", "GEM9999", "nonsense", "%00", "x" * 300],
)
def test_a_lot_that_is_not_there_is_404_for_every_verb(api: Api, reference: str) -> None:
    path = f"/lots/{reference}"
    answers = [
        api.get(path),
        api.get(f"{path}/movements"),
        api.patch(path, {"size": "2"}),
        api.delete(path),
        api.post(f"{path}/actions/adjust", {"quantity": 1, "reason": "x"}),
        api.post(f"{path}/actions/transfer", {"location_id": str(uuid4())}),
    ]
    assert [answer.status for answer in answers] == [404] * 6


def test_a_stranger_finds_nothing_of_ours(api: Api, gem: UUID) -> None:
    lot = added(api, gem)
    stranger = found_company("Stranger", email="s@stranger.example").api()
    answers = [
        stranger.get(f"/lots/{lot['id']}"),
        stranger.get(f"/lots/{lot['tag_id']}"),
        stranger.get(f"/lots/{lot['id']}/movements"),
        stranger.patch(f"/lots/{lot['id']}", {"size": "2"}),
        stranger.delete(f"/lots/{lot['id']}"),
        stranger.post(f"/lots/{lot['id']}/actions/adjust", {"quantity": 1, "reason": "x"}),
        stranger.get(f"/products/{gem}/availability"),
    ]
    assert [answer.status for answer in answers] == [404] * 7
    assert stranger.get("/lots").body["data"] == []
    assert api.get(f"/lots/{lot['id']}").body == lot


def test_each_role_may_what_the_matrix_says(
    api: Api, company: Company, gem: UUID, vault: str
) -> None:
    lot = f"/lots/{added(api, gem)['id']}"
    seen = {}
    for role in ("Admin", "Manager", "Member", "Viewer", "Sales", "Warehouse", "Finance"):
        holder = company.api(role)
        extra = holder.post("/lots", {"product_id": gem, "quantity": 1})
        doomed = extra.body.get("id") or added(api, gem, 1)["id"]
        seen[role] = (
            holder.get(lot).status,
            extra.status,
            holder.patch(lot, {"notes": role}).status,
            holder.post(f"{lot}/actions/adjust", {"quantity": 5, "reason": "x"}).status,
            holder.delete(f"/lots/{doomed}").status,
        )
    everything, reads, keeps = (200, 201, 200, 200, 204), (200, 403, 403, 403, 403), 403
    assert seen == {
        "Admin": everything,
        "Manager": everything,
        "Member": reads,
        "Viewer": reads,
        "Sales": reads,
        "Warehouse": (200, 201, 200, 200, keeps),
        "Finance": reads,
    }


def test_nobody_without_a_key_gets_in(api: Api, gem: UUID) -> None:
    assert Api("wrong").get("/lots").status == 401
    assert Api("wrong").post("/lots", {"product_id": gem, "quantity": 1}).status == 401


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_as_many_statements_for_three_lots_as_for_one(
    api: Api, gem: UUID, count: int
) -> None:
    for _ in range(count):
        added(api, gem)
    with CaptureQueriesContext(connection) as found:
        api.get("/lots")
    statements = [query["sql"] for query in found if "inventory_" in query["sql"]]
    assert len(statements) == 1


def test_what_happened_stands_in_the_feed(api: Api, gem: UUID, vault: str) -> None:
    lot = f"/lots/{added(api, gem)['id']}"
    api.patch(lot, {"size": "2"})
    api.post(f"{lot}/actions/adjust", {"quantity": 9, "reason": "x"})
    api.post(f"{lot}/actions/transfer", {"location_id": vault})
    api.delete(lot)
    types = Event.objects.filter(subject_id=lot.rpartition("/")[2]).order_by("pk")
    assert list(types.values_list("type", flat=True)) == [
        "lot.created", "lot.updated", "lot.adjusted", "lot.transferred", "lot.deleted",
    ]  # fmt: skip
