"""Whatever is sent, the answer is one of ours: never a failure of the server."""

from typing import Any, Final

import pytest

from tests.api.test_setup_records import PATHS, bodies
from tests.company import Api, found_company

pytestmark = pytest.mark.django_db

HOSTILE: Final[tuple[Any, ...]] = (
    10**20,
    "\ud800",
    [{"id": "00000000-0000-0000-0000-000000000000"}],
    {"x\ud800": [None]},
    "x" * 20_000,
    True,
)


def statuses(api: Api, path: str, record_id: str, names: list[str]) -> dict[str, set[int]]:
    """Which answers each field gets for all hostile values."""
    return {
        name: {api.patch(f"{path}/{record_id}", {name: value}).status for value in HOSTILE}
        for name in names
    }


@pytest.mark.parametrize("path", PATHS)
def test_no_field_of_a_record_breaks_the_server(path: str) -> None:
    company = found_company()
    api = company.api()
    made = api.post(path, bodies(company)[path]).body
    names = [name for name in made if name not in {"id", "created_at", "updated_at"}]
    found = statuses(api, path, made["id"], [*names, "options", "contacts", "password"])
    assert {status for every in found.values() for status in every} <= {200, 409, 422}


@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\0b"},
        {"q": "%_\\" * 200},
        {"limit": 0},
        {"limit": 201},
        {"limit": "many"},
        {"cursor": "not-a-cursor"},
        {"cursor": "////"},
        {"is_active": "perhaps"},
    ],
)
def test_no_query_of_a_list_breaks_the_server(query: dict[str, Any]) -> None:
    expected = 200 if "%" in str(query.get("q")) else 422
    assert found_company().api().get("/products", **query).status == expected


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "1", '"x"', "[[[[", '{"name": NaN}'])
def test_no_body_breaks_the_server(body: str) -> None:
    from django.test import Client

    answer = Client().post(
        "/api/v1/products",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {found_company().api_key}"},
    )
    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("record_id", ["x", "%00", "1", "00000000-0000-0000-0000-000000000000"])
def test_an_id_that_names_nothing_is_not_found(record_id: str) -> None:
    api = found_company().api()
    assert api.get(f"/products/{record_id}").status == 404
