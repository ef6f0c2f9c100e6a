"""Answers that were remembered before they were encrypted are encrypted: some show a secret."""

from typing import Any

from django.db import migrations

from orderwright.activity.idempotency import sealed

AT_ONCE = 200


def seal(apps: Any, schema_editor: Any) -> None:
    """One organization after the other: row level security binds the owner too."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM identity_organization")
        for (entered,) in cursor.fetchall():
            cursor.execute("SELECT set_config('app.organization', %s, true)", [str(entered)])
            seal_one(cursor)
        cursor.execute("SELECT set_config('app.organization', '', true)")


def seal_one(cursor: Any) -> None:
    """What the organization that is entered remembers, some rows at a time."""
    cursor.execute("SELECT id FROM activity_rememberedanswer WHERE content IS NOT NULL")
    ids = [row[0] for row in cursor.fetchall()]
    for start in range(0, len(ids), AT_ONCE):
        cursor.execute(
            "SELECT id, content FROM activity_rememberedanswer WHERE id = ANY (%s)",
            [ids[start : start + AT_ONCE]],
        )
        cursor.executemany(
            "UPDATE activity_rememberedanswer SET content = %s WHERE id = %s",
            [(sealed(bytes(content)), row_id) for row_id, content in cursor.fetchall()],
        )


class Migration(migrations.Migration):
    """Once, for what came before."""

    dependencies = [
        ("identity", "0004_when_a_key_was_used"),
        ("activity", "0004_events_by_type_and_actor"),
    ]

    operations = [migrations.RunPython(seal, migrations.RunPython.noop, elidable=True)]
