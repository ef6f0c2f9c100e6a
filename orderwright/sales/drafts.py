"""Drafts of the wizards: saved at each step, one order out of each (domain 4.1, 4.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.kernel.json_text import from_json, to_json
from orderwright.sales.models import OrderDraft
from orderwright.sales.new_orders import NewOrder, create_order
from orderwright.sales.page import OrderPage

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Purpose:
    """Which wizard a draft belongs to, and who may use it."""

    name: str
    permission: str


SALE: Final = Purpose("sale", "sales_orders:create")
PURCHASE: Final = Purpose("purchase", "purchase_orders:create")


@dataclass(frozen=True, slots=True)
class Draft:
    """What the wizard has so far. `body` is the pages' own; nothing here reads it."""

    id: UUID
    version: int
    step: int
    body: dict[str, Any]
    order_number: str | None
    updated_at: datetime


def start_draft(
    *, by: Caller, body: Mapping[str, Any] | None = None, purpose: Purpose = SALE
) -> Draft:
    """A new draft of the caller's."""
    by.must(purpose.permission)
    row = OrderDraft.objects.create(
        organization_id=by.organization_id,
        owner_id=by.actor.id or by.organization_id,
        purpose=purpose.name,
        body=_plain(body or {}),
        expires_at=by.now + KEPT_FOR,
    )
    return read_draft(by, row.pk, purpose=purpose)


def read_draft(by: Caller, draft_id: UUID, *, purpose: Purpose = SALE) -> Draft:
    """The caller's draft; one statement. Raises NotFound for one of somebody else, or expired."""
    return _read(_mine(by, purpose).filter(pk=draft_id))


def drafts_of(by: Caller, *, purpose: Purpose = SALE) -> list[Draft]:
    """The caller's open drafts, newest first; one statement."""
    rows = _mine(by, purpose).filter(order__isnull=True, became="").newest_first()
    return [_draft(row) for row in rows.values_list(*_COLUMNS)[:20]]


def save_draft(
    *,
    by: Caller,
    draft_id: UUID,
    step: int,
    body: Mapping[str, Any],
    version: int | None = None,
    purpose: Purpose = SALE,
) -> Draft:
    """Keep what was typed. Raises Conflict when it became an order, or changed in another tab."""
    by.must(purpose.permission)
    draft = _locked(by, draft_id, purpose)
    if version is not None and version != draft.version:
        raise Conflict(
            "stale_version",
            "This draft was changed in another tab. Reload it to go on with the newer one.",
            details={"version": draft.version, "sent": version},
        )
    _mine(by, purpose).filter(pk=draft_id).update(
        step=step,
        body=_plain(body),
        version=draft.version + 1,
        updated_at=by.now,
        expires_at=by.now + KEPT_FOR,
    )
    return read_draft(by, draft_id, purpose=purpose)


def discard_draft(*, by: Caller, draft_id: UUID, purpose: Purpose = SALE) -> None:
    """Throw a draft away. Raises Conflict when it became an order."""
    by.must(purpose.permission)
    _locked(by, draft_id, purpose)
    _mine(by, purpose).filter(pk=draft_id).delete()


def submit_draft(*, by: Caller, draft_id: UUID, new: NewOrder) -> OrderPage:
    """Make the order of a draft, once: a second tab gets Conflict `draft_submitted` with the
    order's number. Raises what `create_order` raises; the draft is kept then."""
    _locked(by, draft_id, SALE)
    page = create_order(by=by, new=new)
    _mine(by, SALE).filter(pk=draft_id).update(order_id=page.id, updated_at=by.now)
    return page


def make_of_draft(*, by: Caller, draft_id: UUID, purpose: Purpose, make: Callable[[], str]) -> str:
    """The number of what `make` makes of a draft, once, as `submit_draft`."""
    _locked(by, draft_id, purpose)
    number = make()
    _mine(by, purpose).filter(pk=draft_id).update(became=number, updated_at=by.now)
    return number


_COLUMNS = ("id", "version", "step", "body", "order__number", "became", "updated_at")


def _mine(by: Caller, purpose: Purpose) -> Any:
    return OrderDraft.objects.of(by.organization_id).filter(
        owner_id=by.actor.id or by.organization_id,
        expires_at__gt=by.now,
        purpose=purpose.name,
    )


def _locked(by: Caller, draft_id: UUID, purpose: Purpose) -> Draft:
    """The open draft, locked for a change."""
    if not list(_mine(by, purpose).filter(pk=draft_id).locked().values_list("pk")):
        raise _missing()
    draft = read_draft(by, draft_id, purpose=purpose)
    if draft.order_number is not None:
        raise Conflict(
            "draft_submitted",
            f"This draft has become order {draft.order_number} already. Open that order.",
            details={"order": draft.order_number},
        )
    return draft


def _read(rows: Any) -> Draft:
    row = rows.values_list(*_COLUMNS).first()
    if row is None:
        raise _missing()
    return _draft(row)


def _draft(row: tuple[Any, ...]) -> Draft:
    row_id, version, step, body, order_number, became, updated_at = row
    return Draft(row_id, version, step, body, order_number or became or None, updated_at)


def _missing() -> NotFound:
    return NotFound("not_found", "There is no such draft, or it has expired.")


def _plain(body: Mapping[str, Any]) -> Any:
    return from_json(to_json(dict(body)))
