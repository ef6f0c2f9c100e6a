"""Identity in the database: who holds this key or session, numbers of documents, sign-in.

These functions run with the rights of their owner, because they answer before an organization is
known. Each returns only what its argument proves a right to.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

CALLER_COLUMNS = """
    organization_id uuid, organization_name text, default_currency text, default_weight_unit text,
    timezone text, so_prefix text, po_prefix text, invoice_prefix text, settings jsonb,
    role_name text, permissions text[], actor_id uuid, actor_name text
"""

_CALLER_FIELDS = """
    o.id, o.name::text, o.default_currency::text, o.default_weight_unit::text, o.timezone::text,
    o.so_prefix::text, o.po_prefix::text, o.invoice_prefix::text, o.settings,
    r.name::text, r.permissions::text[]
"""

FUNCTIONS = (
    f"""
    CREATE OR REPLACE FUNCTION identity_caller_of_key(key_digest bytea)
    RETURNS TABLE ({CALLER_COLUMNS}, used_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN QUERY
        SELECT {_CALLER_FIELDS}, k.id, k.name::text, k.used_at
        FROM identity_apikey k
        JOIN identity_role r ON r.organization_id = k.organization_id AND r.id = k.role_id
        JOIN identity_organization o ON o.id = k.organization_id
        WHERE k.digest = key_digest AND k.revoked_at IS NULL
          AND (k.expires_at IS NULL OR k.expires_at > now());
    END $$
    """,
    f"""
    CREATE OR REPLACE FUNCTION identity_caller_of_session(wanted_user uuid, wanted_session uuid)
    RETURNS TABLE ({CALLER_COLUMNS}, email text, theme text, times text, seen_at timestamptz,
                   has_second_factor boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN QUERY
        SELECT {_CALLER_FIELDS}, u.id,
               coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.email)::text,
               u.email::text, u.theme::text, u.times::text, s.seen_at,
               EXISTS (SELECT FROM identity_authenticator a
                       WHERE a.organization_id = u.organization_id AND a.user_id = u.id)
        FROM identity_user u
        JOIN identity_usersession s ON s.organization_id = u.organization_id
            AND s.id = wanted_session AND s.user_id = u.id AND s.ended_at IS NULL
        JOIN identity_role r ON r.organization_id = u.organization_id AND r.id = u.role_id
        JOIN identity_organization o ON o.id = u.organization_id
        WHERE u.id = wanted_user AND u.status = 'active';
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION identity_logins_of(wanted_email text)
    RETURNS TABLE (user_id uuid, organization_id uuid, organization_name text, password text,
                   status text)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN QUERY
        SELECT u.id, u.organization_id, o.name::text, u.password::text, u.status::text
        FROM identity_user u JOIN identity_organization o ON o.id = u.organization_id
        WHERE lower(u.email) = lower(wanted_email)
        ORDER BY u.id;
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION identity_take_number(kind text)
    RETURNS bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN nextval(format('numbers.%I', kind || '_'
            || replace(current_setting('app.organization'), '-', '')));
    EXCEPTION WHEN undefined_table THEN
        EXECUTE format('CREATE SEQUENCE IF NOT EXISTS numbers.%I', kind || '_'
            || replace(current_setting('app.organization'), '-', ''));
        RETURN nextval(format('numbers.%I', kind || '_'
            || replace(current_setting('app.organization'), '-', '')));
    END $$
    """,
    """
    CREATE OR REPLACE FUNCTION identity_found_numbers(kinds text[])
    RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    DECLARE kind text;
    BEGIN
        FOREACH kind IN ARRAY kinds LOOP
            EXECUTE format('CREATE SEQUENCE IF NOT EXISTS numbers.%I', kind || '_'
                || replace(current_setting('app.organization'), '-', ''));
        END LOOP;
    END $$
    """,
)

NUMBER_KINDS = (
    "sales_order",
    "customer",
    "shipment",
    "purchase_order",
    "lot",
    "supplier",
    "return",
    "payment",
    "production_job",
    "production_run",
)


COUNT_ATTEMPT = """
    INSERT INTO identity_failedsignin AS f (key, failures, until)
    VALUES (%(key)s, 1, %(until)s)
    ON CONFLICT (key) DO UPDATE SET
        failures = CASE WHEN f.until <= %(now)s THEN 1 ELSE f.failures + 1 END,
        until = CASE WHEN f.until <= %(now)s OR f.failures < %(most)s
                     THEN excluded.until ELSE f.until END
    RETURNING failures, until
"""


# Whoever finds the row locked leaves it: somebody else notes the same hour.
NOTE_KEY_USED = """
    UPDATE identity_apikey SET used_at = %(now)s
    WHERE organization_id = %(organization)s AND id = (
        SELECT id FROM identity_apikey
        WHERE organization_id = %(organization)s AND id = %(key)s
        FOR UPDATE SKIP LOCKED)
"""


def caller_of_key(digest: bytes) -> tuple[Any, ...] | None:
    """The holder of a key, and the organization entered for this transaction; None if unknown."""
    return _entered("identity_caller_of_key(%s)", digest)


def caller_of_session(user_id: UUID, session_id: UUID) -> tuple[Any, ...] | None:
    """The user of a session, and the organization entered; None if unknown, ended or disabled."""
    return _entered("identity_caller_of_session(%s, %s)", user_id, session_id)


def _entered(call: str, *proof: Any) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.*, set_config('app.organization', c.organization_id::text, true) "
            f"FROM {call} c",
            proof,
        )
        return cursor.fetchone()


def logins_of(email: str) -> list[tuple[Any, ...]]:
    """Every login with this e-mail address, across organizations, for checking a password."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM identity_logins_of(%s)", [email])
        return cursor.fetchall()


def take_number(kind: str) -> int:
    """The next number of a kind of document in the entered organization; gaps are allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_take_number(%s)", [kind])
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def found_numbers() -> None:
    """Start the number sequences of the organization that was just founded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT identity_found_numbers(%s)", [list(NUMBER_KINDS)])


def count_attempt(key: bytes, *, most: int, now: datetime, until: datetime) -> tuple[int, datetime]:
    """Count one more attempt before it is made, so that no two of them share a count.

    Answers how many there were lately with this one, and when they are forgotten. Beyond `most`
    that moment stays, so that trying on does not lengthen the wait.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ATTEMPT, {"key": key, "most": most, "now": now, "until": until})
        row = cursor.fetchone()
    assert row is not None
    return int(row[0]), row[1]


def note_key_used(*, organization_id: UUID, key_id: UUID, now: datetime) -> None:
    """Keep when a key was last used."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE_KEY_USED, {"organization": organization_id, "key": key_id, "now": now})
