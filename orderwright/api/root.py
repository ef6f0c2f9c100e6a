"""The API as one object: its title, its error answers and its routers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja.errors import HttpError, ValidationError

from orderwright.api.openapi import DocumentedApi
from orderwright.api.road import in_order, refused
from orderwright.kernel.errors import Invalid, Malformed, NotFound, Refusal

api = DocumentedApi(
    title="Orderwright",
    version="1",
    description="Everything that the screens can do, through the same actions.",
    urls_namespace="api",
    openapi_extra={
        "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
        "security": [{"key": []}],
    },
)


@api.exception_handler(Refusal)
def on_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The business says no."""
    return refused(in_order(request, refusal))


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What was sent does not fit the operation: each field with its own sentence."""
    if any(entry.get("loc", ("",))[0] == "path" for entry in error.errors):
        return refused(NotFound("not_found", "There is no such record: its id is no id."))
    fields = {_field_name(entry): _sentence(entry) for entry in error.errors}
    first = next(iter(fields.items()), ("body", "invalid"))
    invalid = Invalid(
        "invalid_input", f"{first[0]}: {first[1]}. Correct it and send again.", fields=fields
    )
    return refused(in_order(request, invalid))


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja's own refusals: a body that is no JSON, mostly."""
    if error.status_code == 404:
        return refused(NotFound("not_found", "There is nothing here."))
    malformed = Malformed("malformed_json", "The body is not valid JSON.")
    return refused(in_order(request, malformed))


@api.exception_handler(Exception)
def on_anything_else(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw goes up to the road, which knows the database's own refusals."""
    raise error


def _sentence(entry: dict[str, Any]) -> str:
    return str(entry.get("msg", "invalid")).removeprefix("Value error, ")


def _field_name(entry: dict[str, Any]) -> str:
    """`lines.0.quantity` from Pydantic's location, without the name of our parameter."""
    parts = [str(part) for part in entry.get("loc", ())]
    if parts and parts[0] in {"body", "query", "path", "header", "form"}:
        parts = parts[1:]
    if len(parts) > 1 and parts[0] in {"body", "payload", "data"}:
        parts = parts[1:]
    return ".".join(parts) or "body"


api.add_router("", "orderwright.api.sales.router")
api.add_router("", "orderwright.api.sales_actions.router")
api.add_router("", "orderwright.api.sales_closing.router")
api.add_router("", "orderwright.api.sales_tasks.router")
api.add_router("", "orderwright.api.bulk.router")
api.add_router("", "orderwright.api.shipping_out.router")
api.add_router("", "orderwright.api.picks.router")
api.add_router("", "orderwright.api.documents.router")
api.add_router("", "orderwright.api.e_invoices.router")
api.add_router("", "orderwright.api.emails.router")
api.add_router("", "orderwright.api.extraction.router")
api.add_router("", "orderwright.api.identity.router")
api.add_router("", "orderwright.api.directory.router")
api.add_router("", "orderwright.api.locations.router")
api.add_router("", "orderwright.api.inventory.router")
api.add_router("", "orderwright.api.catalog.router")
api.add_router("", "orderwright.api.imports.router")
api.add_router("", "orderwright.api.pricing.router")
api.add_router("", "orderwright.api.search.router")
api.add_router("", "orderwright.api.reports.router")
api.add_router("", "orderwright.api.suppliers.router")
api.add_router("", "orderwright.api.purchasing.router")
api.add_router("", "orderwright.api.production.router")
api.add_router("", "orderwright.api.invoices.router")
api.add_router("", "orderwright.api.payments.router")
api.add_router("", "orderwright.api.returns.router")
api.add_router("", "orderwright.api.webhooks.router")
api.add_router("", "orderwright.api.notifications.router")
