"""The organization, its roles, users and keys, and everything that happened, over HTTP."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.activity import queries as activity
from orderwright.activity import records
from orderwright.activity.queries import EventRow
from orderwright.activity.rules import without_commerce, without_identity
from orderwright.api.answers import (
    answer,
    caller,
    instant,
    listed,
    needs,
    page_size,
    uuid_or_missing,
)
from orderwright.api.inputs import body_of, patch_of
from orderwright.api.records import current_in_details, mount, resource, show_plain
from orderwright.directory import account, joining, people, people_rules
from orderwright.directory import organization as house
from orderwright.directory.people import API_KEY, ROLE, USER, ApiKeyRow, UserRow
from orderwright.identity.caller import SETTINGS, Caller
from orderwright.kernel.cursors import read_cursor

router = Router(tags=["Organization"])

OrganizationChanges = patch_of("OrganizationChanges", people_rules.ORGANIZATION)
NewApiKey = body_of("NewApiKey", people_rules.API_KEY_AS_SENT)


@router.get("/organization", operation_id="read_organization", summary="The organization")
def read_organization(request: HttpRequest) -> HttpResponse:
    """Every role may know its organization."""
    return answer(_shown_organization(caller(request)))


@router.patch("/organization", operation_id="change_organization", summary="Change it")
@needs("settings:update")
def change_organization(request: HttpRequest, body: OrganizationChanges) -> HttpResponse:  # type: ignore[valid-type]
    """Settings that are not sent stay as they are."""
    by = caller(request)
    with current_in_details(lambda: _shown_organization(by)):
        house.change_organization(by=by, sent=body.sent(), version=body.version_read())  # type: ignore[attr-defined]
    return answer(_shown_organization(by))


@router.get("/api-keys", operation_id="list_api_key", summary="List: api key")
@needs("users:read")
def list_api_keys(
    request: HttpRequest, q: str | None = None, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """Revoked keys too; never the keys themselves."""
    by, size = caller(request), page_size(limit)
    rows = records.listed(by=by, kind=API_KEY, q=q, before=read_cursor(cursor), limit=size)
    return listed(rows, limit=size, show=lambda row: show_api_key(by, row))


@router.post("/api-keys", operation_id="create_api_key", summary="New: api key")
@needs("users:create")
def create_api_key(request: HttpRequest, body: NewApiKey) -> HttpResponse:  # type: ignore[valid-type]
    """The answer has the `key`, this once."""
    by = caller(request)
    key_id, key = people.create_api_key(by=by, sent=body.sent())  # type: ignore[attr-defined]
    return answer(_shown_key(by, key_id) | {"key": key}, status=201)


@router.get("/api-keys/{key_id}", operation_id="read_api_key", summary="Read: api key")
@needs("users:read")
def read_api_key(request: HttpRequest, key_id: str) -> HttpResponse:
    """Without the key itself."""
    return answer(_shown_key(caller(request), uuid_or_missing(key_id, "api key")))


@router.delete("/api-keys/{key_id}", operation_id="revoke_api_key", summary="Revoke a key")
@needs("users:delete")
def revoke_api_key(request: HttpRequest, key_id: str) -> HttpResponse:
    """From now on it opens nothing."""
    people.revoke_api_key(by=caller(request), key_id=uuid_or_missing(key_id, "api key"))
    return HttpResponse(status=204)


@router.get("/events", operation_id="list_events", summary="Everything that happened")
@needs("audit:read")
def list_events(
    request: HttpRequest,
    cursor: str | None = None,
    type: str | None = None,  # noqa: A002
    limit: int | None = None,
) -> HttpResponse:
    """Oldest first from the cursor; `next_cursor` always says where to go on."""
    by = caller(request)
    rows, following = activity.events_after(
        by, cursor, event_type=type or None, limit=page_size(limit)
    )
    return answer({"data": [show_event(by, row) for row in rows], "next_cursor": following})


def _user_action(action: str, act: Callable[..., None], summary: str) -> None:
    @router.post(
        f"/users/{{record_id}}/actions/{action}",
        operation_id=f"{action.replace('-', '_')}_user",
        summary=summary,
    )
    @needs("users:update")
    def take(request: HttpRequest, record_id: str) -> HttpResponse:
        by, user_id = caller(request), uuid_or_missing(record_id, "user")
        act(by=by, user_id=user_id)
        return answer(show_user(by, records.one(by=by, kind=USER, record_id=user_id)))


_user_action("invite", joining.invite_again, "Invite again")
_user_action("revoke-invitation", joining.revoke_invitation, "Revoke the invitation")
_user_action("reset-second-factor", account.reset_second_factor, "Remove all second factors")


def show_user(by: Caller, row: UserRow) -> dict[str, Any]:
    """A login; its role by name, as it is sent."""
    shown = show_plain(by, row)
    del shown["role_name"]
    return shown | {"role": row.role_name, "last_login": instant(row.last_login)}


def show_api_key(by: Caller, row: ApiKeyRow) -> dict[str, Any]:
    """A key without the key; its role by name, as it is sent."""
    shown = show_plain(by, row)
    del shown["role_name"]
    return shown | {"role": row.role_name}


def show_event(by: Caller, row: EventRow) -> dict[str, Any]:
    """Something that happened; prices and customers only for those who may see them."""
    body = row.body if by.may("orders_commercial:read") else without_commerce(row.body)
    return {
        "id": row.id,
        "type": row.type,
        "at": instant(row.at),
        "actor": {"kind": row.actor_kind, "id": row.actor_id, "name": row.actor_name},
        "subject_id": row.subject_id,
        "topic_id": row.topic_id,
        "body": body if by.may("customers:read") else without_identity(body),
    }


def _shown_organization(by: Caller) -> dict[str, Any]:
    row = house.organization(by=by)
    return show_plain(by, row) | {"settings": SETTINGS | row.settings}


def _shown_key(by: Caller, key_id: UUID) -> dict[str, Any]:
    return show_api_key(by, records.one(by=by, kind=API_KEY, record_id=key_id))


mount(
    router,
    resource("/roles", ROLE),
    resource(
        "/users",
        USER,
        show=show_user,
        shape=people_rules.USER_AS_SENT,
        create=lambda by, sent: people.create_user(by=by, sent=sent),
        change=lambda by, user_id, sent, version: people.change_user(
            by=by, user_id=user_id, sent=sent, version=version
        ),
        remove=lambda by, user_id: people.remove_user(by=by, user_id=user_id),
    ),
)
