"""The audit trail: everything that everybody changed, with what stood there before and after."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join

from orderwright.activity import records, trail
from orderwright.activity.queries import EventRow
from orderwright.directory.people import USER
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.web.display import dialog_link, instant, text
from orderwright.web.list_filters import Filter
from orderwright.web.list_pages import ListPage
from orderwright.web.lists import Asked, Column, Empty
from orderwright.web.road import page

URL: Final = "/audit"
_ADDRESSES: Final = {
    "customer": "/customers/{}",
    "product": "/products/{}",
    "sales_order": "/orders/sales/{}",
    "shipment": "/shipments/{}",
    "lot": "/inventory/{}",
    "user": "/settings/users/{}",
    "role": "/settings/roles/{}",
    "api_key": "/settings/api-keys/{}",
    "webhook": "/settings/webhooks/{}",
    "webhook_endpoint": "/settings/webhooks/{}",
    "import": "/imports/{}",
    "organization": "/settings",
    "payment_term": "/settings/payment-terms/{}",
    "shipping_term": "/settings/shipping-terms/{}",
    "carrier": "/settings/carriers/{}",
    "customer_group": "/settings/customer-groups/{}",
    "location": "/settings/locations/{}",
    "product_line": "/settings/product-lines/{}",
    "product_category": "/settings/product-categories/{}",
    "person": "/staff/{}",
    "production_job": "/production/jobs/{}",
    "production_run": "/production/runs/{}",
    "stage": "/settings/stages/{}",
}
_FURTHER: Final = (
    "address contact customer_price discount_code volume_discount extraction invoice job "
    "payment purchase_order return supplier email email_template statement"
).split()
KINDS: Final = sorted([*_ADDRESSES, *_FURTHER])
_GONE: Final = ("removed", "deleted", "merged")
_NAMES: Final = (
    "number",
    "name",
    "email",
    "sku",
    "tag_id",
    "code",
    "label",
    "file_name",
    "subject",
    "host",
)
_MOST_SHOWN: Final = 3
_LONGEST: Final = 60


def words_of(event_type: str) -> str:
    """What happened, in words: `customer.status_changed` is “Customer: status changed”."""
    noun, _, verb = event_type.partition(".")
    return f"{_words(noun).capitalize()}: {_words(verb)}"


def name_of(row: EventRow) -> str:
    """What people call the record that it happened to, as far as the event tells."""
    body = row.body
    for part in (body.get("after"), body.get("before"), body):
        if isinstance(part, Mapping):
            for name in _NAMES:
                if isinstance(part.get(name), str) and part[name]:
                    return str(part[name])
    return ""


def address_of(row: EventRow) -> str:
    """The page of the record; empty for one that is gone or has no page."""
    noun, _, verb = row.type.partition(".")
    if verb in _GONE or noun not in _ADDRESSES:
        return ""
    return _ADDRESSES[noun].format(row.subject_id)


def changes_of(body: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Each field that changed with what it held before and after; further facts stand under
    after."""
    before, after = body.get("before"), body.get("after")
    if "from" in body and "to" in body:
        before, after = {"status": body["from"]}, {"status": body["to"]}
    known = {"before", "after", "from", "to"} if "from" in body else {"before", "after"}
    further = {name: held for name, held in body.items() if name not in known}
    was = dict(_flat(before, "")) if isinstance(before, Mapping) else {}
    now = dict(_flat(after, "")) if isinstance(after, Mapping) else {}
    now |= dict(_flat(further, ""))
    return [
        (name, was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys([*was, *now])
        if was.get(name, "") != now.get(name, "")
    ]


def audit(request: HttpRequest) -> HttpResponse:
    """Everything that happened, the latest first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    return page(request, "people/audit.html", {"list": LIST.shown(by, asked)})


def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One event with every field before and after; what a removed record held stays readable."""
    row = trail.one_event(by=request.caller, event_id=event_id)  # type: ignore[attr-defined]
    context = {
        "row": row,
        "title": words_of(row.type),
        "name": name_of(row),
        "url": address_of(row),
        "changes": changes_of(row.body),
    }
    return page(request, "people/event.html", context)


def _read(by: Caller, asked: Asked, window: Window) -> Page[EventRow]:
    return trail.trail(by=by, asked=asked.values, window=window)


def _columns(by: Caller) -> Sequence[Column]:
    zone = by.organization.timezone
    return (
        Column(
            "What",
            lambda row: dialog_link(words_of(row.type), f"{URL}/{row.id}"),
            primary=True,
            value=lambda row: words_of(row.type),
        ),
        Column("Record", _record, value=name_of),
        Column("Before and after", _changes, value=_changes_as_text),
        Column("Who", lambda row: row.actor_name, whole=True),
        Column(
            "When",
            lambda row: instant(row.at, now=by.now, timezone=zone),
            whole=True,
            value=lambda row: row.at,
        ),
    )


def _filters(by: Caller, asked: Asked) -> Sequence[Filter]:
    kinds = [(kind, _words(kind).capitalize()) for kind in KINDS]
    filters = [Filter("kind", "Kind", kinds), Filter("at", "Day", look="days")]
    if by.may("users:read"):
        people = records.listed(by=by, kind=USER, limit=200)
        shown = [(str(one.id), one.email) for one in people]
        filters.insert(1, Filter("actor", "Who", shown))
    if asked.value("subject"):
        filters.append(Filter("subject", "Record", [(asked.values["subject"], "one only")]))
    return filters


def _record(row: EventRow) -> str:
    name, url = name_of(row), address_of(row)
    if url:
        noun = _words(row.type.partition(".")[0]).capitalize()
        return format_html('<a href="{}">{}</a>', url, name or noun)
    return text(name)


def _changes(row: EventRow) -> str:
    found = changes_of(row.body)
    shown = format_html_join(
        "",
        "<li><span class='quiet'>{}</span> {}</li>",
        ((name, _arrow(was, now)) for name, was, now in found[:_MOST_SHOWN]),
    )
    more = len(found) - _MOST_SHOWN
    rest = format_html("<li class='quiet'>and {} more</li>", more) if more > 0 else ""
    return format_html('<ul class="changes">{}{}</ul>', shown, rest) if found else ""


def _arrow(was: str, now: str) -> str:
    if not was:
        return format_html("{}", _cut(now))
    after = _cut(now) if now else "nothing"
    return format_html("<s>{}</s> → {}", _cut(was), after)


def _changes_as_text(row: EventRow) -> str:
    return "; ".join(
        f"{name}: {was} → {now}" if was else f"{name}: {now}"
        for name, was, now in changes_of(row.body)
    )


def _flat(held: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name, value in held.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{_words(name)} · ")
        else:
            yield f"{prefix}{_words(name)}", _said(value)


def _said(value: Any) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return _said_of_many(value)
    return str(value)


def _said_of_many(values: list[Any]) -> str:
    """Words with commas, reasons by their sentences, and anything else as it is kept."""
    if all(isinstance(one, Mapping) and isinstance(one.get("text"), str) for one in values):
        return "; ".join(one["text"] for one in values)
    if all(isinstance(one, str | int | float) for one in values):
        return ", ".join(map(str, values))
    return json.dumps(values, ensure_ascii=False)


def _cut(shown: str) -> str:
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def _words(code: str) -> str:
    return code.replace("_", " ")


LIST: Final = ListPage(
    key="audit",
    name="Audit trail",
    path=URL,
    nouns=("event", "events"),
    columns=_columns,
    read=_read,
    filters=_filters,
    parameters=("kind", "verb", "actor", "subject", "at_from", "at_to"),
    empty=lambda by: Empty("Nothing has happened yet", "Every change leaves its trace here."),
)
