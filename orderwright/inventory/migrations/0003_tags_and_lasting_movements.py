"""Tags are numbered per prefix, movements outlive their lot, and used-up lots cost nothing."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import orderwright.kernel.ids
from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):
    """The column `lot_id` of movements stays as it is; only its foreign key goes."""

    dependencies = [("inventory", "0002_secure")]

    operations = [
        migrations.CreateModel(
            name="TagNumber",
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
                ("prefix", models.CharField(db_collation="C", max_length=50)),
                ("last", models.BigIntegerField()),
                (
                    "organization",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="identity.organization",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="tagnumber",
            constraint=models.UniqueConstraint(
                fields=("organization", "prefix"), name="tag_number_prefix_once"
            ),
        ),
        SecureTable("TagNumber"),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex("movement", "movement_by_lot"),
                migrations.RemoveField("movement", "lot"),
                migrations.AddField("movement", "lot_id", models.UUIDField()),
                migrations.AddIndex(
                    "movement",
                    models.Index(fields=["organization", "lot_id", "-id"], name="movement_by_lot"),
                ),
            ],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE inventory_movement DROP CONSTRAINT inventory_movement_lot_id_within"
                )
            ],
        ),
        migrations.AlterField(
            "lot", "tag_id", models.CharField(db_collation="C", max_length=50)
        ),
        migrations.RemoveIndex("lot", "lot_by_product"),
        migrations.AddIndex(
            "lot",
            models.Index(fields=["organization", "product", "id"], name="lot_by_product"),
        ),
        migrations.AddIndex(
            "lot",
            models.Index(
                fields=["organization", "product", "id"],
                condition=~Q(quantity=0, weight=0),
                name="lot_on_hand",
            ),
        ),
    ]
