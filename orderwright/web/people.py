"""Users: who may come in, with what role; invite, disable, help out."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from orderwright.activity import records
from orderwright.activity.record_lists import page_of_records
from orderwright.directory import account, joining, people
from orderwright.directory.people import ROLE, USER, UserRow
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.web.display import chip, instant, link
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.list_pages import ListPage
from orderwright.web.lists import Asked, Column, Empty, Filter
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

URL: Final = "/settings/users"


def role_names(by: Caller) -> list[tuple[str, str]]:
    """The roles as choices, by their names."""
    rows = records.listed(by=by, kind=ROLE, limit=200)
    return [(row.name, row.name) for row in reversed(rows)]


_INVITATION: Final = (
    Input("email", "E-mail", "email", required=True),
    Input("role", "Role", "select", choices=role_names, required=True),
    Input("first_name", "First name"),
    Input("last_name", "Last name"),
)
_USER: Final = (
    Input("role", "Role", "select", choices=role_names),
    Input("email", "E-mail", "email", required=True),
    Input("first_name", "First name"),
    Input("last_name", "Last name"),
)


def name_of(row: UserRow) -> str:
    """A person as others call them."""
    return f"{row.first_name} {row.last_name}".strip() or row.email


def users(request: HttpRequest) -> HttpResponse:
    """Everybody who has a login, the latest first unless sorted."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_invite": by.may("users:create")}
    return page(request, "people/users.html", context)


def _columns(by: Caller) -> list[Column]:
    def seen(row: UserRow) -> str:
        if row.last_login is None:
            return "Never"
        return instant(row.last_login, now=by.now, timezone=by.organization.timezone)

    return [
        Column(
            "Name",
            lambda row: link(name_of(row), f"{URL}/{row.id}"),
            primary=True,
            sort="last_name",
            value=name_of,
        ),
        Column("E-mail", lambda row: row.email, quiet=True, sort="email"),
        Column("Role", lambda row: row.role_name, sort="role_name"),
        Column("Status", lambda row: chip("user", row.status)),
        Column("Last sign-in", seen, value=lambda row: row.last_login),
    ]


def _read(by: Caller, asked: Asked, window: Window) -> Page[UserRow]:
    return page_of_records(by=by, kind=USER, q=asked.q, filters=asked.values, window=window)


LIST: Final = ListPage(
    key="users",
    name="Users",
    path=URL,
    nouns=("user", "users"),
    columns=_columns,
    read=_read,
    empty=lambda by: Empty(
        "No users yet", "Whoever works here gets a login of their own.", "users"
    ),
    filters=lambda by, asked: [Filter("status", "Status", choices_of("user"))],
    parameters=("status",),
    sorts=("last_name", "email", "role_name"),
    search="Name or e-mail",
    label=name_of,
)


def invite(request: HttpRequest) -> HttpResponse:
    """Ask somebody to join with a role; a mail goes to them."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("users:create")
    form = Form.of({"role": "Viewer"})
    if request.method == "POST":
        form = Form.posted(request)
        sent = sent_by(form, _INVITATION)
        if form.accept(lambda: people.create_user(by=by, sent=sent)):
            return done(request, URL, f"An invitation goes to {sent['email']}.")
    context = {"form": form, "inputs": bound(_INVITATION, by)}
    return page(request, "people/invite.html", context, status=form.status)


def user(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """One person: name, role, how they sign in, and what can be done for them."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = people.user_page(by=by, user_id=user_id)
    row = found.row
    now = _values(row)
    form = Form.of(now, merges=names_of(by, _USER))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = sent_by(form, _USER), form.whole("version")
        if sent.get("role") == row.role_name:
            del sent["role"]
        if form.accept(
            lambda: people.change_user(by=by, user_id=user_id, sent=sent, version=version),
            meanwhile=lambda: meanwhile_of(by, _USER, now),
        ):
            return done(request, f"{URL}/{user_id}", "The user is saved.")
    context = {
        "form": form,
        "inputs": bound(_USER, by),
        "found": found,
        "row": row,
        "name": name_of(row),
        "may_save": by.may("users:update"),
        "may_remove": by.may("users:delete") and not found.is_own,
    }
    return page(request, "people/user.html", context, status=form.status)


def _values(row: UserRow) -> dict[str, Any]:
    names = ("version", "email", "first_name", "last_name")
    return {name: getattr(row, name) for name in names} | {"role": row.role_name}


def _action(act: Callable[..., Any], said: str) -> Callable[..., HttpResponse]:
    @require_POST
    def take(request: HttpRequest, user_id: UUID) -> HttpResponse:
        act(by=request.caller, user_id=user_id)  # type: ignore[attr-defined]
        return done(request, f"{URL}/{user_id}", said)

    return take


def _to(status: str) -> Callable[..., None]:
    def change(*, by: Caller, user_id: UUID) -> None:
        people.change_user(by=by, user_id=user_id, sent={"status": status})

    return change


invite_again = _action(joining.invite_again, "A new invitation is on its way.")
revoke = _action(joining.revoke_invitation, "The invitation opens nothing any more.")
disable = _action(_to("disabled"), "The login is disabled, and its sessions have ended.")
enable = _action(_to("active"), "The login is open again.")
reset_second_factor = _action(
    account.reset_second_factor, "All second factors are removed, and all sessions have ended."
)


@require_POST
def remove(request: HttpRequest, user_id: UUID) -> HttpResponse:
    """Delete a login; what it did stays in the audit trail."""
    people.remove_user(by=request.caller, user_id=user_id)  # type: ignore[attr-defined]
    return done(request, URL, "The login is removed.")
