"""The database's last word, in sentences: which refusal a violated constraint stands for."""

import re
from typing import Any

from django.db.utils import IntegrityError

from orderwright.kernel.errors import Conflict, Invalid, Refusal

TAKEN: dict[str, tuple[str, str]] = {
    "customer_number_once": ("number", "Another customer has this number."),
    "product_sku_once": ("sku", "Another product has this SKU."),
    "product_line_name_once": ("name", "Another product line has this name."),
    "product_category_name_once": ("name", "Another category has this name."),
    "customer_group_name_once": ("name", "Another group has this name."),
    "payment_term_code_once": ("code", "Another payment term has this code."),
    "shipping_term_name_once": ("name", "Another shipping term has this name."),
    "carrier_name_once": ("name", "Another carrier has this name."),
    "carrier_option_code_once": ("options", "Two options of a carrier cannot share a code."),
    "carrier_option_default_once": ("options", "Only one option of a carrier is the default."),
    "location_name_once": ("name", "Another location has this name."),
    "lot_tag_once": ("tag_id", "Another lot has this tag."),
    "discount_code_once": ("code", "Another discount code reads the same."),
    "volume_discount_name_once": ("name", "Another volume discount has this name."),
    "item_code_once": ("item_codes", "This customer uses one of these codes already."),
    "customer_po_number_once": (
        "customer_po_number",
        "Another order of this customer has this PO number.",
    ),
    "role_name_once": ("name", "Another role has this name."),
    "user_email_once": ("email", "Another user has this e-mail address."),
    "organization_name_once": ("name", "Another organization has this name."),
}

STOCK = {
    "lot_never_negative": ("insufficient_stock", "There is not enough of this lot on hand."),
    "line_ships_within_ordered": ("over_selection", "This would ship more than is outstanding."),
    "reservation_covered_within_required": ("conflict", "The reservation changed meanwhile."),
}


def refusal_of(error: IntegrityError) -> Refusal:
    """The refusal for a violated constraint: taken, in use, not there, or against a rule."""
    cause: Any = error.__cause__
    name = getattr(getattr(cause, "diag", None), "constraint_name", None) or ""
    state = getattr(cause, "sqlstate", "")
    if name in TAKEN:
        field, sentence = TAKEN[name]
        return Conflict("duplicate", f"{sentence} Choose another.", fields={field: sentence})
    if name in STOCK:
        code, sentence = STOCK[name]
        return Conflict(code, f"{sentence} Nothing was written.")
    if state == "23503":
        return _reference_refusal(name, str(cause))
    return Conflict("conflict", f"The database refuses this ({name}). Nothing was written.")


def _reference_refusal(name: str, text: str) -> Refusal:
    if "still referenced" in text:
        return Conflict(
            "in_use", "Other records refer to this one. Deactivate it, or remove them first."
        )
    column = re.search(r"_(\w+_id)_within$", name)
    field = column.group(1) if column else "id"
    for known in (
        "product_line_id",
        "type_group_id",
        "payment_term_id",
        "shipping_term_id",
        "carrier_option_id",
        "order_lead_id",
        "sales_rep_id",
        "product_id",
        "customer_id",
        "location_id",
        "carrier_id",
        "parent_id",
        "category_id",
    ):
        if name.endswith(f"_{known}_within"):
            field = known
            break
    return Invalid(
        "unknown_reference",
        f"There is no such record for {field}.",
        fields={field: "there is no such record"},
    )
