"""What the tables promise, read from the models and from the database itself."""

import psycopg
from django.apps import apps

from orderwright.identity.tenancy import OrganizationRecord

# Lowest first; a foreign key points to its own area or to one further up in this list.
AREAS = (
    "identity",
    "activity",
    "directory",
    "catalog",
    "pricing",
    "inventory",
    "sales",
    "purchasing",
    "shipping",
    "production",
    "returns",
    "invoicing",
    "extraction",
    "documents",
    "webhooks",
    "notifications",
    "importing",
    "reporting",
    "demo",
    "web",
)

# A key says which organization it belongs to, so it is looked up before that is known.
KNOWN_WITHOUT_ORGANIZATION = "identity_apikey_digest_key"


def tables_of_organizations() -> list[str]:
    return sorted(
        model._meta.db_table for model in apps.get_models() if issubclass(model, OrganizationRecord)
    )


def test_foreign_keys_point_down_the_list_of_areas() -> None:
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if model.__module__.startswith("orderwright.")
        for field in model._meta.local_fields
        if field.is_relation
        and field.related_model.__module__.startswith("orderwright.")
        and AREAS.index(field.related_model._meta.app_label) > AREAS.index(model._meta.app_label)
    ]
    assert upward == []


def test_every_table_of_an_organization_has_forced_row_security(
    as_owner: psycopg.Connection,
) -> None:
    secured = as_owner.execute(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity"
        " AND relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert set(tables_of_organizations()) - {row[0] for row in secured} == set()


def test_every_key_of_an_organization_starts_with_it(as_owner: psycopg.Connection) -> None:
    keys = as_owner.execute(
        "SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype IN ('p', 'u', 'f') AND a.attname <> 'organization_id'"
        " AND c.conrelid::regclass::text = ANY (%s)",
        [tables_of_organizations()],
    ).fetchall()
    assert keys == [("identity_apikey", KNOWN_WITHOUT_ORGANIZATION)]


def test_every_index_of_an_organization_starts_with_it(as_owner: psycopg.Connection) -> None:
    indexes = as_owner.execute(
        "SELECT i.indexrelid::regclass::text FROM pg_index i"
        " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam"
        " LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]"
        " WHERE i.indrelid::regclass::text = ANY (%s) AND m.amname = 'btree'"
        " AND a.attname IS DISTINCT FROM 'organization_id'",
        [tables_of_organizations()],
    ).fetchall()
    assert indexes == [(KNOWN_WITHOUT_ORGANIZATION,)]


def test_the_app_owns_nothing_and_is_bound_by_the_policies(
    as_owner: psycopg.Connection,
) -> None:
    roles = as_owner.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid)"
        " FROM pg_roles r WHERE rolname LIKE '%\\_app' AND EXISTS ("
        "   SELECT FROM information_schema.role_table_grants"
        "   WHERE grantee = r.rolname AND table_name = 'identity_organization')"
    ).fetchall()
    assert [row[1:] for row in roles] == [(False, False, False, False, False)]


APPEND_ONLY = ("activity_event", "inventory_movement")


def test_what_happened_cannot_be_changed_or_removed(as_owner: psycopg.Connection) -> None:
    triggers = as_owner.execute(
        "SELECT tgrelid::regclass::text, tgtype, tgenabled FROM pg_trigger"
        " WHERE tgname LIKE '%\\_append\\_only' ORDER BY 1"
    ).fetchall()
    before_row_update_delete = 1 | 2 | 8 | 16
    assert triggers == [(table, before_row_update_delete, "O") for table in APPEND_ONLY]
    may = as_owner.execute(
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee LIKE '%\\_app' AND privilege_type = 'TRUNCATE'"
    ).fetchall()
    assert may == []


def test_references_stay_within_the_organization(as_owner: psycopg.Connection) -> None:
    keys = as_owner.execute(
        "SELECT c.conrelid::regclass::text, c.conname,"
        " (SELECT attname FROM pg_attribute"
        "  WHERE attrelid = c.confrelid AND attnum = c.confkey[1])"
        " FROM pg_constraint c WHERE c.contype = 'f' AND array_length(c.conkey, 1) = 2"
        " AND c.conrelid::regclass::text = ANY (%s)",
        [tables_of_organizations()],
    ).fetchall()
    assert len(keys) > 40
    assert [key for key in keys if key[2] != "organization_id"] == []
