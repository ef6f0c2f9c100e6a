"""Indexes for the sorts of the list of orders; rows without a day come last both ways."""

from django.db import migrations

INDEXES = (
    (
        "order_by_required_up",
        "(organization_id, coalesce(date_required, 'infinity'::date), id)",
    ),
    (
        "order_by_required_down",
        "(organization_id, coalesce(date_required, '-infinity'::date), id)",
    ),
    ("order_by_total", "(organization_id, grand_total, id)"),
)


class Migration(migrations.Migration):
    """After the tables of sales."""

    dependencies = [("sales", "0003_tasks_and_short_closing")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {name} ON sales_salesorder {columns}", f"DROP INDEX {name}"
        )
        for name, columns in INDEXES
    ]
