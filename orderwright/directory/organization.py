"""The organization itself and its settings, with an event for each change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity.kinds import Values
from orderwright.activity.references import refusing_in_sentences
from orderwright.activity.rows import plain, read
from orderwright.directory import people_rules as rules
from orderwright.directory.logos import check_logo
from orderwright.identity.caller import Caller
from orderwright.identity.models import Organization
from orderwright.kernel.versions import check_version


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """The company that uses the software; `settings` are those that somebody changed."""

    id: UUID
    version: int
    name: str
    short_name: str
    country: str
    timezone: str
    default_currency: str
    default_weight_unit: str
    so_prefix: str
    po_prefix: str
    invoice_prefix: str
    tag_prefix: str
    industry: str
    primary_domain: str
    street: str
    postal_code: str
    city: str
    state: str
    logo_type: str
    settings: dict[str, Any]
    created_at: datetime
    updated_at: datetime


def organization(*, by: Caller) -> OrganizationRow:
    """The caller's organization; every role may know it. One statement."""
    rows = Organization.objects.filter(pk=by.organization_id)
    found: OrganizationRow = read(rows, OrganizationRow)[0]
    return found


def change_organization(
    *, by: Caller, sent: Mapping[str, Any], version: int | None = None
) -> Values:
    """Change the organization and its settings; settings that are not sent stay.

    Records `organization.updated` with before and after. Raises Forbidden, Invalid with the
    fields, Conflict `stale_version`, or `duplicate` for a name that is taken.
    """
    by.must("settings:update")
    current = Organization.objects.select_for_update().get(pk=by.organization_id)
    check_version("organization", current.version, version)
    values = rules.ORGANIZATION.of_change(sent)
    if "settings" in values:
        values["settings"] = {**current.settings, **values["settings"]}
    changed = {name: held for name, held in values.items() if getattr(current, name) != held}
    before = {name: getattr(current, name) for name in changed}
    if not changed:
        return {}
    with refusing_in_sentences():
        Organization.objects.filter(pk=current.pk).update(
            **changed, version=F("version") + 1, updated_at=by.now
        )
    activity.record(
        by,
        "organization.updated",
        current.pk,
        body={"before": plain(before), "after": plain(changed)},
    )
    return before


def logo(*, by: Caller) -> tuple[bytes, str] | None:
    """The organization's logo and its type; None when there is none. One statement."""
    rows = Organization.objects.filter(pk=by.organization_id).exclude(logo=None)
    found = rows.values_list("logo", "logo_type").first()
    return None if found is None else (bytes(found[0] or b""), found[1])


def change_logo(*, by: Caller, content: bytes | None) -> None:
    """Set the picture that stands on documents, or take it away with None.

    Raises Forbidden, Invalid `logo_too_large` or `logo_unreadable`.
    """
    by.must("settings:update")
    kind = check_logo(content) if content is not None else ""
    current = Organization.objects.select_for_update().get(pk=by.organization_id)
    Organization.objects.filter(pk=current.pk).update(
        logo=content, logo_type=kind, version=F("version") + 1, updated_at=by.now
    )
    body = {"before": {"logo": current.logo_type}, "after": {"logo": kind}}
    activity.record(by, "organization.updated", current.pk, body=body)
