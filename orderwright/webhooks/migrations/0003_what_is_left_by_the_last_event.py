"""The sweep compares with the last event only: the index answers, whatever the statistics say."""

from django.db import migrations

from orderwright.webhooks.sql import TO_DO


class Migration(migrations.Migration):
    """The function anew."""

    dependencies = [("webhooks", "0002_secure")]

    operations = [migrations.RunSQL(TO_DO)]
