"""Propose requested products from notes, and learn from what people correct."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.catalog import supplying
from orderwright.directory.merging import Merge, drop_doubles
from orderwright.directory.suppliers import SUPPLIER
from orderwright.extraction import sql
from orderwright.extraction.answer import to_answer
from orderwright.extraction.catalogs import catalog_of
from orderwright.extraction.engine import Context, extract
from orderwright.extraction.models import Extraction, LearnedAlias
from orderwright.extraction.reviewed import Reviewed, read_rows
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json, to_json
from orderwright.kernel.text import check_text

_PERMISSIONS = {"sales": "sales_orders:create", "purchase": "purchase_orders:create"}
MONTH_FIRST = frozenset({"USD", "PHP"})  # currencies of places that write the month first


@dataclass(frozen=True, slots=True)
class _Memory:
    aliases: Mapping[str, str]
    codes: Mapping[str, str]
    history: frozenset[str]


def propose(
    *,
    by: Caller,
    notes: str,
    direction: str = "sales",
    customer_id: UUID | None = None,
    supplier_id: UUID | None = None,
    reference_date: date | None = None,
) -> dict[str, Any]:
    """The products that notes ask for, as the API answers them; only the proposal is written.

    What a supplier sells to us, by its own codes too, comes first in its purchases.

    Raises Invalid for notes over 20,000 characters, an unknown customer or direction.
    """
    if direction not in _PERMISSIONS:
        message = "The direction is sales or purchase."
        raise Invalid("unknown_choice", message, fields={"direction": message})
    by.must(_PERMISSIONS[direction])
    check_text(notes, "notes", longest=20_000)
    started = time.perf_counter()
    memory = _memory(by, customer_id) if supplier_id is None else _sold_by(by, supplier_id)
    catalog = catalog_of(by)
    if memory.aliases or memory.codes:
        catalog = catalog.for_partner(codes=memory.codes, aliases=memory.aliases)
    context = Context(
        reference_date=reference_date or by.today,
        direction=direction,
        day_first=by.organization.default_currency not in MONTH_FIRST,
        preferred_products=memory.history,
    )
    answer = to_answer(extract(notes, catalog=catalog, context=context))
    row = Extraction.objects.create(
        organization_id=by.organization_id,
        id=new_id(),
        notes=notes,
        direction=direction,
        customer_id=customer_id,
        engine=answer["engine"],
        answer=answer,
        created_at=by.now,
    )
    spent = round((time.perf_counter() - started) * 1000, 1)
    return {"id": str(row.pk), "ms": spent, **answer}


def accept(*, by: Caller, extraction_id: UUID, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Store what a person made of the proposal, learn its phrases, and answer order lines.

    Raises NotFound, Invalid with the row's field for a row without product or quantity.
    """
    if not any(by.may(permission) for permission in _PERMISSIONS.values()):
        by.must("sales_orders:create")
    found = Extraction.objects.of(by.organization_id).filter(pk=extraction_id).locked().first()
    if found is None:
        raise NotFound("not_found", "There is no such extraction.")
    by.must(_PERMISSIONS[found.direction])
    reviewed = read_rows(rows)
    _check_products(by, reviewed)
    plain = from_json(to_json([row.as_kept() for row in reviewed]))
    Extraction.objects.of(by.organization_id).with_ids([extraction_id]).update(
        accepted_at=by.now, accepted_rows=plain
    )
    if found.customer_id is not None:
        _learn(by, found.customer_id, reviewed)
    activity.record(
        by,
        "extraction.accepted",
        extraction_id,
        body={"rows": len(reviewed), "proposed": len(found.answer.get("rows", []))},
    )
    return {"lines": [row.as_line() for row in reviewed]}


def let_aliases_merge(by: Caller, merge: Merge) -> None:
    """Customers become one: of equal phrases that of the one that stays is kept."""
    drop_doubles(by, merge, LearnedAlias, "phrase")


def check_extraction(by: Caller, extraction_id: UUID) -> None:
    """Raises NotFound unless the extraction is the organization's."""
    if not Extraction.objects.of(by.organization_id).filter(pk=extraction_id).exists():
        raise NotFound("not_found", "There is no such extraction.")


def _memory(by: Caller, customer_id: UUID | None) -> _Memory:
    if customer_id is None:
        return _Memory({}, {}, frozenset())
    with connection.cursor() as cursor:
        cursor.execute(sql.MEMORY, {"organization": by.organization_id, "customer": customer_id})
        row = cursor.fetchone()
    if row is None or not row[0]:
        message = "There is no such customer. Choose one from the list."
        raise Invalid("unknown_customer", message, fields={"customer_id": message})
    return _Memory(from_json(row[1]), from_json(row[2]), frozenset(from_json(row[3])))


def _sold_by(by: Caller, supplier_id: UUID) -> _Memory:
    try:
        records.one(by=by, kind=SUPPLIER, record_id=supplier_id)
    except NotFound as missing:
        message = "There is no such supplier. Choose one from the list."
        fields = {"supplier_id": message}
        raise Invalid("unknown_supplier", message, fields=fields) from missing
    sold = frozenset(str(one) for one in supplying.products_of(by, supplier_id))
    codes = supplying.codes_of(by, supplier_id)
    return _Memory({}, {code.lower(): str(product) for product, code in codes.items()}, sold)


def _check_products(by: Caller, rows: Sequence[Reviewed]) -> None:
    known = catalog_of(by).position
    for index, row in enumerate(rows):
        if str(row.product_id) not in known:
            message = "There is no such product, or it is no longer sold."
            raise Invalid("unknown_product", message, fields={f"rows.{index}.product": message})


def _learn(by: Caller, customer_id: UUID, rows: Sequence[Reviewed]) -> None:
    """A phrase corrected once is right the next time for this customer (extraction's promise)."""
    phrases = {row.phrase.lower(): row for row in rows if row.phrase}
    if not phrases:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            sql.LEARN,
            {
                "organization": by.organization_id,
                "customer": customer_id,
                "at": by.now,
                "phrases": to_json(
                    [
                        {"id": new_id(), "phrase": row.phrase, "product_id": row.product_id}
                        for row in phrases.values()
                    ]
                ),
            },
        )
        cursor.execute(
            sql.SHARE,
            {"organization": by.organization_id, "at": by.now, "phrases": list(phrases)},
        )
