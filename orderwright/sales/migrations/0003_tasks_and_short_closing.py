"""Tasks on orders, and what a short close cancelled, so that reopening takes it back."""

import django.db.models.deletion
from django.db import migrations, models

import orderwright.identity.tenancy
import orderwright.kernel.ids
from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """A table with its row level security, and a column of the lines."""

    dependencies = [("sales", "0002_secure"), ("directory", "0002_secure")]

    operations = [
        migrations.CreateModel(
            name="OrderTask",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=orderwright.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("title", models.CharField(max_length=300)),
                ("due_on", models.DateField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                ("done_by", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(default="person", max_length=10)),
            ],
        ),
        migrations.AddField(
            model_name="salesorderline",
            name="short_closed_quantity",
            field=models.DecimalField(db_default=0, decimal_places=6, default=0, max_digits=18),
        ),
        migrations.AddConstraint(
            model_name="salesorderline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("short_closed_quantity__gte", 0),
                    ("short_closed_quantity__lte", models.F("cancelled_quantity")),
                ),
                name="line_short_closes_within_cancelled",
            ),
        ),
        migrations.AddField(
            model_name="ordertask",
            name="assignee",
            field=orderwright.identity.tenancy.Reference(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="directory.staff",
            ),
        ),
        migrations.AddField(
            model_name="ordertask",
            name="order",
            field=orderwright.identity.tenancy.Reference(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                owned=True,
                related_name="tasks",
                to="sales.salesorder",
            ),
        ),
        migrations.AddField(
            model_name="ordertask",
            name="organization",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="identity.organization",
            ),
        ),
        migrations.AddIndex(
            model_name="ordertask",
            index=models.Index(fields=["organization", "order", "id"], name="task_by_order"),
        ),
        migrations.AddIndex(
            model_name="ordertask",
            index=models.Index(
                condition=models.Q(("done_at__isnull", True)),
                fields=["organization", "assignee", "due_on"],
                name="task_open_by_assignee",
            ),
        ),
        migrations.AddConstraint(
            model_name="ordertask",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="task_says_something"
            ),
        ),
        SecureTable("OrderTask"),
    ]
