"""The documentation of the API is sound, and the API keeps to it whatever is sent."""

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from orderwright.api.root import api
from tests.access.world import full_organization
from tests.plugins.server import Server

ROLES = ("Admin", "Sales", "Warehouse")
EXAMPLES = int(os.environ.get("ORDERWRIGHT_FUZZ_EXAMPLES", "2"))


def document() -> dict[str, Any]:
    schema: dict[str, Any] = api.get_openapi_schema()
    return schema


def test_the_documentation_is_openapi_3_1() -> None:
    schema = document()
    assert schema["openapi"] == "3.1.0"
    for part in schema["components"]["schemas"].values():
        jsonschema_rs.meta.validate(part)
    schemathesis.openapi.from_dict(schema).validate()


def test_every_operation_has_a_name_of_its_own_and_says_what_it_is() -> None:
    operations = [one for path in document()["paths"].values() for one in path.values()]
    names = [one["operationId"] for one in operations]
    assert len(set(names)) == len(names)
    assert [one["operationId"] for one in operations if not one.get("summary")] == []


def test_every_operation_names_its_refusals_in_one_shape() -> None:
    schema = document()
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            statuses = set(operation["responses"])
            assert {"401", "422"} <= statuses, path
            assert ("404" in statuses) == ("{" in path), path
            if method != "get":
                assert {"400", "403", "409"} <= statuses, path
            is_bare = "/actions/" in path and "requestBody" not in operation
            if method in ("post", "patch") and "webhook" not in path and not is_bare:
                kind = "multipart/form-data" if path.endswith("/imports") else "application/json"
                assert kind in operation["requestBody"]["content"], path
    refusals = schema["components"]["responses"].values()
    shapes = {one["content"]["application/json"]["schema"]["$ref"] for one in refusals}
    assert shapes == {"#/components/schemas/Error"}


def test_the_documentation_page_loads_nothing_from_elsewhere(client: Any) -> None:
    page = client.get("/api/v1/docs").content.decode()
    assert "https://" not in page.replace("https://www.w3.org", "")
    assert Path("/static/ninja/swagger-ui.css").name in page


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_input_gives_a_server_error(role: str, server: Server) -> None:
    """Records in paths are ours, half of the time; everything else is what the documentation lets
    through, and what it does not."""
    world = full_organization("Mine", "ada@mine.example")
    fuzz = Fuzz(f"Bearer {world.company.api(role).key}", world.ids)
    schema = schemathesis.openapi.from_dict(document())
    schema.config.update(base_url=server.url)
    for found in schema.get_all_operations():
        fuzz.at(found.ok())
    assert fuzz.failed == []
    assert fuzz.sent > 100


@dataclass
class Fuzz:
    """Whoever sends anything at all."""

    authorization: str
    ids: dict[str, str]
    failed: list[str] = field(default_factory=list)
    sent: int = 0

    def at(self, operation: Any) -> None:
        """Send what is allowed, and what is not, to one operation."""
        first = operation.path.removeprefix("/api/v1").split("/")[1]
        for mode in GenerationMode:

            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
                database=None,
                derandomize=True,
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def send(case: Any) -> None:
                self.send(case, first)

            with suppress(Unsatisfiable):
                send()

    def send(self, case: Any, first: str) -> None:
        """One request; an answer of 500 and up is a failure."""
        self.sent += 1
        for name in case.path_parameters or {} if self.sent % 2 else ():
            known = self.ids["{line_id}"] if name == "line_id" else self.ids.get(first)
            case.path_parameters[name] = known or case.path_parameters[name]
        case.headers = {**(case.headers or {}), "Authorization": self.authorization}
        response = case.call()
        if response.status_code >= 500:
            self.failed.append(f"{case.method} {case.path} {case.body!r} {response.text[:200]}")
