"""What the contract says of every operation alike, added to what ninja reads from the views.

Answers and refusals have one shape each, so they are described once and named everywhere.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from ninja import NinjaAPI

ERROR: Final = {
    "type": "object",
    "required": ["code", "message", "fields", "details"],
    "properties": {
        "code": {"type": "string", "description": "For programs; never changes."},
        "message": {"type": "string", "description": "A sentence that says what to do."},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
        "details": {"type": "object"},
    },
}
LIST: Final = {
    "type": "object",
    "required": ["data", "next_cursor"],
    "properties": {
        "data": {"type": "array", "items": {"type": "object"}},
        "next_cursor": {"type": ["string", "null"]},
    },
}
REFUSALS: Final = {
    "400": "The body is not valid JSON.",
    "401": "No key, or one that is unknown, expired or revoked.",
    "403": "The role lacks the permission.",
    "404": "There is no such record, or it is not yours.",
    "409": "The present state does not allow it, or somebody changed the record meanwhile.",
    "413": "The body is too large.",
    "422": "What was sent makes no sense; `fields` says where.",
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A repeat with the same key gets the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}
PDF: Final = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
WITHOUT_RECORD: Final = ("/price-quote", "/carrier-webhooks/{carrier}")


class DocumentedApi(NinjaAPI):
    """An API whose documentation names its refusals."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """OpenAPI 3.1 of every operation."""
        schema = super().get_openapi_schema(**options)
        components = schema.setdefault("components", {})
        components.setdefault("schemas", {}).update({"Error": ERROR, "List": LIST})
        components["responses"] = {
            f"Refusal{status}": _response(meaning, "Error") for status, meaning in REFUSALS.items()
        }
        views = dict(self._views())
        for path, operations in schema["paths"].items():
            for method, operation in operations.items():
                view = views.get(operation["operationId"])
                _describe(operation, method, path, view, components["schemas"])
        return schema

    def _views(self) -> Iterator[tuple[str, Callable[..., Any]]]:
        for _, router in self._routers:
            for path_view in router.path_operations.values():
                for operation in path_view.operations:
                    name = operation.operation_id or self.get_openapi_operation_id(operation)
                    yield name, operation.view_func


def _describe(
    operation: dict[str, Any], method: str, path: str, view: Any, schemas: dict[str, Any]
) -> None:
    is_public = getattr(view, "public", False)
    writes = method in ("post", "patch", "delete")
    if is_public:
        operation["security"] = []
    elif writes:
        operation.setdefault("parameters", []).append(IDEMPOTENCY_KEY)
    operation["responses"] = {
        **_success(method, path),
        **{
            status: {"$ref": f"#/components/responses/Refusal{status}"}
            for status in _refusals(path, has_permission=hasattr(view, "permission"), writes=writes)
        },
    }
    body = operation.get("requestBody")
    if body is not None:
        (content,) = body["content"].values()
        named = content["schema"].get("$ref", "").rsplit("/", 1)[-1]
        body["required"] = bool(schemas.get(named, {}).get("required"))


def _success(method: str, path: str) -> dict[str, Any]:
    if method == "delete":
        return {"204": {"description": "Removed."}}
    if method == "get":
        if path.endswith("/pdf"):
            return {"200": {"description": "The document.", "content": PDF}}
        is_list = path.endswith("s")
        return {"200": _response("A page.", "List") if is_list else _response("The record.")}
    last = path.rsplit("/", 1)[-1]
    makes = last.startswith("create-") or "/actions/" not in path
    if method == "post" and makes and not path.endswith(WITHOUT_RECORD):
        return {"201": _response("The record.")}
    return {"200": _response("The record.")}


def _response(meaning: str, schema: str = "") -> dict[str, Any]:
    held = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    return {"description": meaning, "content": {"application/json": {"schema": held}}}


def _refusals(path: str, *, has_permission: bool, writes: bool) -> list[str]:
    found = ["401", "422"]
    if has_permission:
        found.append("403")
    if "{" in path:
        found.append("404")
    if writes:
        found += ["400", "403", "409", "413"]
    return sorted(set(found))
