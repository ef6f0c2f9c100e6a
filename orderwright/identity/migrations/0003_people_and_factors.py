"""People: sessions, secrets that were mailed, second factors, and counts of failures."""

import django.db.models.deletion
import orderwright.identity.tenancy
import orderwright.kernel.ids
from django.conf import settings
from django.db import migrations, models

from orderwright.identity.sql import FUNCTIONS
from orderwright.identity.tenancy import SecureTable


# What a session opens is read before an organization is entered, like the four tables of 0002.
OWNER_READS = "\n".join(
    f"CREATE POLICY owner_reads ON {table} FOR SELECT TO CURRENT_USER USING (true);"
    for table in ("identity_usersession", "identity_authenticator")
)


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0002_secure'),
    ]

    operations = [
        migrations.CreateModel(
            name='FailedSignIn',
            fields=[
                ('key', models.BinaryField(primary_key=True, serialize=False)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('until', models.DateTimeField()),
            ],
        ),
        migrations.RemoveField(
            model_name='user',
            name='failed_sign_ins',
        ),
        migrations.RemoveField(
            model_name='user',
            name='locked_until',
        ),
        migrations.AddField(
            model_name='organization',
            name='city',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='organization',
            name='industry',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='organization',
            name='logo',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='organization',
            name='logo_type',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='organization',
            name='postal_code',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name='organization',
            name='primary_domain',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='organization',
            name='state',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='organization',
            name='street',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='user',
            name='times',
            field=models.CharField(default='relative', max_length=10),
        ),
        migrations.CreateModel(
            name='Authenticator',
            fields=[
                ('id', models.UUIDField(default=orderwright.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=10)),
                ('name', models.CharField(max_length=80)),
                ('secret', models.BinaryField()),
                ('credential', models.BinaryField(null=True)),
                ('counter', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='identity.organization')),
                ('user', orderwright.identity.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, owned=True, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'user'], name='authenticator_by_user')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'credential'), name='credential_once'), models.UniqueConstraint(condition=models.Q(('kind', 'codes')), fields=('organization', 'user'), name='one_code_app'), models.CheckConstraint(condition=models.Q(('kind__in', ['codes', 'passkey'])), name='authenticator_kind_known')],
            },
        ),
        migrations.CreateModel(
            name='MailedSecret',
            fields=[
                ('id', models.UUIDField(default=orderwright.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('purpose', models.CharField(max_length=10)),
                ('digest', models.BinaryField()),
                ('effect', models.UUIDField()),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='identity.organization')),
                ('user', orderwright.identity.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, owned=True, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'user'], name='mailed_secret_by_user')],
                'constraints': [models.UniqueConstraint(fields=('organization', 'digest'), name='mailed_secret_once'), models.UniqueConstraint(fields=('organization', 'effect'), name='mailed_secret_effect_once'), models.CheckConstraint(condition=models.Q(('purpose__in', ['invite', 'reset'])), name='mailed_secret_purpose_known')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.UUIDField(default=orderwright.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('digest', models.BinaryField()),
                ('used_at', models.DateTimeField(null=True)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='identity.organization')),
                ('user', orderwright.identity.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, owned=True, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organization', 'user', 'digest'), name='recovery_code_once')],
            },
        ),
        migrations.CreateModel(
            name='UserSession',
            fields=[
                ('id', models.UUIDField(default=orderwright.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField()),
                ('seen_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('way', models.CharField(max_length=20)),
                ('address', models.CharField(blank=True, max_length=64)),
                ('browser', models.CharField(blank=True, max_length=200)),
                ('organization', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='identity.organization')),
                ('user', orderwright.identity.tenancy.Reference(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, owned=True, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['organization', 'user'], name='session_by_user')],
            },
        ),
        SecureTable("UserSession"),
        SecureTable("MailedSecret"),
        SecureTable("Authenticator"),
        SecureTable("RecoveryCode"),
        migrations.RunSQL(OWNER_READS),
        migrations.RunSQL("DROP FUNCTION IF EXISTS identity_caller_of_user(uuid)"),
        migrations.RunSQL("DROP FUNCTION IF EXISTS identity_logins_of(text)"),
        # The functions are those of today: where an older one answers other columns, it goes first.
        migrations.RunSQL("DROP FUNCTION IF EXISTS identity_caller_of_key(bytea)"),
        *[migrations.RunSQL(function) for function in FUNCTIONS],
    ]
