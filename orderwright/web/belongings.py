"""What belongs to a customer: addresses, contacts, and its own codes for our products."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.catalog import actions as catalog
from orderwright.catalog import queries as buyers
from orderwright.catalog.queries import ItemCodeRow
from orderwright.directory import actions, queries
from orderwright.identity.caller import Caller
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, sent_by
from orderwright.web.records import values_of
from orderwright.web.road import page


def _countries(_: Caller) -> list[tuple[str, str]]:
    return choices.countries()


ADDRESS: Final = (
    Input("label", "Name", required=True, hint="What people call this place."),
    Input("country", "Country", "select", choices=_countries, none="Choose", required=True),
    Input("street_1", "Street"),
    Input("street_2", "Street, second line"),
    Input("postal_code", "Postal code", width="quarter"),
    Input("city", "City", width="quarter"),
    Input("state", "State or province"),
    Input("phone", "Phone", "tel"),
    Input("email", "E-mail", "email"),
    Input("is_bill_to", "Bill to here", "check", width="third"),
    Input("is_ship_to", "Ship to here", "check", width="third"),
    Input("is_drop_ship", "Drop ship", "check", width="third"),
)
CONTACT: Final = (
    Input("first_name", "First name", required=True),
    Input("last_name", "Last name", required=True),
    Input("email", "E-mail", "email", required=True, width="wide"),
    Input("order_confirmation", "Gets order confirmations", "check"),
    Input("invoice", "Gets invoices", "check"),
)
ITEM_CODES: Final = (
    Input(
        "item_codes",
        "What this customer calls our products",
        "rows",
        add="Add a code",
        inputs=(
            Input("code", "Their code", required=True),
            Input(
                "product_id", "Our product", "combobox", source="/lookup/products", required=True
            ),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Belongings:
    """One list of a customer's own rows; a dialog changes one of them."""

    name: str
    noun: str
    inputs: tuple[Input, ...]
    permission: str
    start: dict[str, Any]

    def form(
        self, request: HttpRequest, customer_id: UUID, row_id: UUID | None = None
    ) -> HttpResponse:
        """Add, change or remove one row."""
        by: Caller = request.caller  # type: ignore[attr-defined]
        by.must("customers:update", self.permission)
        found = queries.customer(by=by, record_id=customer_id)
        rows = getattr(found, self.name)
        mine = next((row for row in rows if row.id == row_id), None)
        form = Form.of(values_of(mine) if mine else self.start)
        if request.method == "POST":
            form = Form.posted(request)
            row = None if form.flag("remove") else sent_by(form, self.inputs)
            sent = {self.name: _replaced(rows, row_id, row)}
            if form.accept(
                lambda: actions.change_customer(by=by, customer_id=customer_id, sent=sent)
            ):
                return done(request, f"/customers/{customer_id}", f"The {self.noun} is saved.")
            form.strip_errors(f"{self.name}.{len(sent[self.name]) - 1}.")
        context = {
            "form": form,
            "inputs": bound(self.inputs, by),
            "customer": found.row,
            "noun": self.noun,
            "row_id": row_id,
        }
        return page(request, "directory/belonging.html", context, status=form.status)


ADDRESSES: Final = Belongings(
    "addresses", "address", ADDRESS, "customers:update", {"is_ship_to": True, "is_bill_to": True}
)
CONTACTS: Final = Belongings("contacts", "contact", CONTACT, "contacts:update", {})


def item_codes(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The codes that a customer uses for our products."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("customers:update")
    found = buyers.buyer(by=by, record_id=customer_id)
    form = Form.of({"item_codes": [_code_values(row) for row in found.item_codes]})
    if request.method == "POST":
        form = Form.posted(request)
        sent = sent_by(form, ITEM_CODES)
        if form.accept(lambda: catalog.change_buyer(by=by, customer_id=customer_id, sent=sent)):
            return done(request, f"/customers/{customer_id}", "The codes are saved.")
    context = {"customer": found.customer.row, "form": form, "inputs": bound(ITEM_CODES, by)}
    return page(request, "directory/item_codes.html", context, status=form.status)


def _code_values(row: ItemCodeRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "code": row.code,
        "product_id": row.product_id,
        "product_id_text": row.product_name,
    }


def _replaced(
    rows: tuple[Any, ...], row_id: UUID | None, mine: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """The whole list as it will be; the row that changes stands last."""
    sent: list[dict[str, Any]] = [{"id": str(row.id)} for row in rows if row.id != row_id]
    if mine is not None:
        sent.append({**mine, **({"id": str(row_id)} if row_id else {})})
    return sent
