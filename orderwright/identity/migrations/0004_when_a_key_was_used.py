"""When a key was last used."""

from django.db import migrations, models

from orderwright.identity.sql import FUNCTIONS


class Migration(migrations.Migration):
    """The function that reads a key tells when it was used."""

    dependencies = [("identity", "0003_people_and_factors")]

    operations = [
        migrations.AddField(
            model_name="apikey", name="used_at", field=models.DateTimeField(null=True)
        ),
        migrations.RunSQL("DROP FUNCTION IF EXISTS identity_caller_of_key(bytea)"),
        *[migrations.RunSQL(function) for function in FUNCTIONS],
    ]
