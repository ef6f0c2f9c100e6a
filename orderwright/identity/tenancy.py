"""Tenancy: every record belongs to one organization, and the database knows it.

`OrganizationRecord` is the base of every table of an organization. `SecureTable` is the migration
operation that gives such a table, in the database, what Django does not see: the primary key
`(organization_id, id)`, foreign keys `(organization_id, x_id)` so that no row can point into
another organization, and forced row level security on the setting `app.organization`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self
from uuid import UUID

from django.db import connection, models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation

from orderwright.kernel.ids import new_id

CURRENT = "nullif(current_setting('app.organization', true), '')::uuid"


class OrganizationQuerySet(models.QuerySet[Any]):
    """Rows of one organization: the policy in the database is the net, `of` is the rope."""

    def of(self, organization_id: UUID) -> Self:
        """The rows of this organization."""
        return self.filter(organization_id=organization_id)

    def with_ids(self, ids: Any) -> Self:
        """The rows with these ids."""
        return self.filter(pk__in=list(ids))

    def newest_first(self) -> Self:
        """Latest created first: ids grow with time."""
        return self.order_by("-pk")

    def before(self, row_id: UUID | None) -> Self:
        """The rows created before this one; all of them for None. A page of a keyset list."""
        return self if row_id is None else self.filter(pk__lt=row_id)

    def locked(self) -> Self:
        """Lock the rows for a change, always in key order, so that two writers never cross."""
        return self.order_by("pk").select_for_update()


class OrganizationRecord(models.Model):
    """A row that belongs to one organization."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organization = models.ForeignKey(
        "identity.Organization",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        abstract = True


class EditableRecord(OrganizationRecord):
    """A row that people edit: it knows its version, which rises with every edit."""

    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Reference(models.ForeignKey):
    """A foreign key inside the organization; `owned` rows go with the row that they point to,
    `unlinked` ones stay and point to nothing then."""

    def __init__(
        self, to: Any, *, owned: bool = False, unlinked: bool = False, **options: Any
    ) -> None:
        self.owned = owned
        self.unlinked = unlinked
        options.setdefault("on_delete", models.DO_NOTHING)
        options.setdefault("related_name", "+")
        options.setdefault("db_index", False)
        options["db_constraint"] = False
        super().__init__(to, **options)

    def deconstruct(self) -> Any:
        """What a migration needs to write this field again."""
        name, path, args, options = super().deconstruct()
        for name in ("owned", "unlinked"):
            if getattr(self, name):
                options[name] = True
        return name, path, args, options


class SecureTable(Operation):
    """Give a table of an organization its keys and its row level security."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, model: str) -> None:
        self.model = model

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes for Django."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """Primary key, foreign keys and policy of one table."""
        model = to_state.apps.get_model(app_label, self.model)
        for statement in _secure_statements(model):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, *_: Any) -> None:
        """Security is not taken away again."""
        raise NotImplementedError("a secured table stays secured")

    def describe(self) -> str:
        """One line for the log of migrations."""
        return f"Secure {self.model} by organization"


def _secure_statements(model: Any) -> Iterator[str]:
    table = model._meta.db_table
    yield f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey"
    yield f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (organization_id, id)"
    yield (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_organization FOREIGN KEY (organization_id) "
        "REFERENCES identity_organization (id)"
    )
    for field in model._meta.local_fields:
        if field.is_relation and field.name != "organization":
            yield _reference_statement(table, field)
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield (
        f"CREATE POLICY organization ON {table} "
        f"USING (organization_id = {CURRENT}) WITH CHECK (organization_id = {CURRENT})"
    )


def _reference_statement(table: str, field: Any) -> str:
    target = field.remote_field.model._meta.db_table
    action = "ON DELETE NO ACTION"
    if getattr(field, "owned", False):
        action = "ON DELETE CASCADE"
    elif getattr(field, "unlinked", False):
        action = f"ON DELETE SET NULL ({field.column})"
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_{field.column}_within "
        f"FOREIGN KEY (organization_id, {field.column}) "
        f"REFERENCES {target} (organization_id, id) {action}"
    )


class SecureReference(Operation):
    """The database's own foreign key for a `Reference` added to a table after its creation."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, model: str, field: str) -> None:
        self.model = model
        self.field = field

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Nothing changes for Django."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: Any,
        to_state: Any,
    ) -> None:
        """One foreign key that leads with the organization."""
        model = to_state.apps.get_model(app_label, self.model)
        field = model._meta.get_field(self.field)
        schema_editor.execute(_reference_statement(model._meta.db_table, field), params=None)

    def database_backwards(self, *_: Any) -> None:
        """Security is not taken away again."""
        raise NotImplementedError("a secured reference stays secured")

    def describe(self) -> str:
        """One line for the log of migrations."""
        return f"Secure {self.model}.{self.field} by organization"


def enter(organization_id: UUID) -> None:
    """From here to the end of the transaction, the database shows this organization only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization', %s, true)", [str(organization_id)])


@contextmanager
def entered(organization_id: UUID) -> Iterator[None]:
    """A transaction inside one organization, for jobs and commands."""
    with transaction.atomic():
        enter(organization_id)
        yield
