"""API keys: for programs; the key itself is shown once, on the page that makes it."""

from datetime import datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from orderwright.activity import records
from orderwright.directory import people
from orderwright.directory.people import API_KEY, ApiKeyRow
from orderwright.identity.caller import Caller
from orderwright.web import lists
from orderwright.web.display import chip, dialog_link, instant
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound
from orderwright.web.lists import Column, Empty
from orderwright.web.people import role_names
from orderwright.web.road import page

URL: Final = "/settings/api-keys"
_INPUTS: Final = (
    Input("name", "Name", required=True, hint="What uses it, like Web shop."),
    Input("role", "Role", "select", choices=role_names, required=True),
    Input("expires", "Works until the end of", "date", hint="Empty: until it is revoked."),
)


def status_of(row: ApiKeyRow, now: datetime) -> str:
    """Whether a key opens anything."""
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= now else "open"


def api_keys(request: HttpRequest) -> HttpResponse:
    """All keys, the newest first; never the keys themselves."""
    by: Caller = request.caller  # type: ignore[attr-defined]

    def at(value: datetime | None) -> str:
        return instant(value, now=by.now, timezone=by.organization.timezone)

    columns = (
        Column("Name", lambda row: dialog_link(row.name, f"{URL}/{row.id}"), primary=True),
        Column("Begins with", lambda row: row.hint),
        Column("Role", lambda row: row.role_name),
        Column("Status", lambda row: chip("key", status_of(row, by.now))),
        Column("Works until", lambda row: at(row.expires_at)),
        Column("Last used", lambda row: at(row.used_at) if row.used_at else "Never"),
    )
    asked = lists.asked(request)
    rows = records.listed(by=by, kind=API_KEY, q=asked.q, before=asked.after)
    text = "A program that uses the API has a key of its own, with a role."
    shown = lists.listing(
        name="API keys",
        asked=asked,
        columns=columns,
        rows=rows,
        search="Name",
        empty=Empty("No keys yet", text, "key"),
    )
    context = {"list": shown, "may_add": by.may("users:create")}
    return page(request, "people/api_keys.html", context)


def add_api_key(request: HttpRequest) -> HttpResponse:
    """Make a key and show it, this once: the form keeps no answer that could be given again."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("users:create")
    form = Form.of({"role": "Sales"})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _create(by, form)):
            _, key = form.result
            return page(
                request, "people/api_key_made.html", {"key": key, "name": form.text("name")}
            )
        form.errors = {name.removesuffix("_at"): said for name, said in form.errors.items()}
    context = {"form": form, "inputs": bound(_INPUTS, by)}
    return page(request, "people/api_key_new.html", context, status=form.status)


def api_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """What is known of a key, and the button that ends it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    row: ApiKeyRow = records.one(by=by, kind=API_KEY, record_id=key_id)
    status = status_of(row, by.now)
    may_revoke = by.may("users:delete") and status != "revoked"
    context = {"row": row, "status": status, "may_revoke": may_revoke}
    return page(request, "people/api_key.html", context)


@require_POST
def revoke_api_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """From now on it opens nothing."""
    people.revoke_api_key(by=request.caller, key_id=key_id)  # type: ignore[attr-defined]
    return done(request, URL, "The key opens nothing any more.")


def _create(by: Caller, form: Form) -> tuple[UUID, str]:
    last = form.day("expires")
    form.check()
    zone = ZoneInfo(by.organization.timezone)
    ends = datetime.combine(last, time(23, 59, 59), zone) if last else None
    sent = {"name": form.text("name"), "role": form.value("role"), "expires_at": ends}
    return people.create_api_key(by=by, sent=sent)
