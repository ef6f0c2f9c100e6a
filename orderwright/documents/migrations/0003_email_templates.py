"""Wordings of e-mails, and the record that an e-mail is about."""

import django.db.models.deletion
from django.db import migrations, models

import orderwright.kernel.ids
from orderwright.identity.tenancy import SecureTable


class Migration(migrations.Migration):

    dependencies = [("documents", "0002_secure")]

    operations = [
        migrations.AddField(
            model_name="emailmessage",
            name="about_id",
            field=models.UUIDField(null=True),
        ),
        migrations.CreateModel(
            name="EmailTemplate",
            fields=[
                ("id", models.UUIDField(default=orderwright.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("key", models.CharField(max_length=40)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(blank=True)),
                ("organization", models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="identity.organization")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organization", "key"), name="email_template_once")],
            },
        ),
        SecureTable("EmailTemplate"),
    ]
