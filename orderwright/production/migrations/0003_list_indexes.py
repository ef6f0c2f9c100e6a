"""Indexes for the sorts of the lists of jobs and runs; rows without a day come last both ways."""

from django.db import migrations

INDEXES = (
    ("job_by_due_up", "job", "(organization_id, coalesce(deadline, 'infinity'::date), id)"),
    ("job_by_due_down", "job", "(organization_id, coalesce(deadline, '-infinity'::date), id)"),
    ("job_by_issued_on_up", "job", "(organization_id, coalesce(issued_on, 'infinity'::date), id)"),
    (
        "job_by_issued_on_down",
        "job",
        "(organization_id, coalesce(issued_on, '-infinity'::date), id)",
    ),
    ("job_by_issued", "job", "(organization_id, issued, id)"),
    ("job_by_received", "job", "(organization_id, received, id)"),
    (
        "run_by_started_up",
        "run",
        "(organization_id, coalesce(started_at, 'infinity'::timestamptz), id)",
    ),
    (
        "run_by_started_down",
        "run",
        "(organization_id, coalesce(started_at, '-infinity'::timestamptz), id)",
    ),
    ("run_by_status", "run", "(organization_id, status, id DESC)"),
)


class Migration(migrations.Migration):
    """After the tables of production."""

    dependencies = [("production", "0002_secure")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {name} ON production_production{table} {columns}", f"DROP INDEX {name}"
        )
        for name, table, columns in INDEXES
    ]
