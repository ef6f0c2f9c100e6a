"""The audit trail finds events by what happened and by who did it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes on events."""

    dependencies = [("activity", "0003_lists_and_bulk_runs")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["organization", "type", "id"], name="event_by_type"),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["organization", "actor_id", "id"], name="event_by_actor"),
        ),
    ]
