"""Lines of invoices and credit memos that were written before they kept a tax rate get that of
their order's line; credit memos also what their lines are called and cost on the invoices."""

from django.db import migrations

# A line with tax and without a rate is one of those from before: there is no tax at a rate of 0.
OF_ONE = """
    UPDATE invoicing_invoiceline l SET tax_rate = o.tax_rate
    FROM sales_salesorderline o
    WHERE l.organization_id = {organization} AND o.organization_id = l.organization_id
      AND o.id = l.line_id AND l.tax_rate = 0 AND l.tax <> 0;

    UPDATE invoicing_creditline k SET tax_rate = b.tax_rate
    FROM (SELECT line_id, max(tax_rate) AS tax_rate FROM invoicing_invoiceline
          WHERE organization_id = {organization} AND line_id IS NOT NULL GROUP BY line_id) b
    WHERE k.organization_id = {organization} AND b.line_id = k.line_id
      AND k.tax_rate = 0 AND k.tax <> 0;

    UPDATE invoicing_creditline k
    SET description = b.description, unit = b.unit, unit_price = b.unit_price
    FROM (SELECT line_id, min(description) AS description, min(unit) AS unit,
              max(unit_price) AS unit_price
          FROM invoicing_invoiceline
          WHERE organization_id = {organization} AND line_id IS NOT NULL GROUP BY line_id) b
    WHERE k.organization_id = {organization} AND b.line_id = k.line_id
      AND k.unit = '' AND k.description = '' AND k.unit_price = 0;
"""

# Row level security binds the owner too: one organization after the other is entered.
OF_ALL = """
    DO $do$
    DECLARE entered uuid;
    BEGIN
        FOR entered IN SELECT id FROM identity_organization LOOP
            PERFORM set_config('app.organization', entered::text, true);
            {of_one}
        END LOOP;
        PERFORM set_config('app.organization', '', true);
    END $do$
""".replace("{of_one}", OF_ONE.replace("{organization}", "entered"))


class Migration(migrations.Migration):
    """After the columns of 0003; once, for what came before them."""

    dependencies = [
        ("identity", "0004_when_a_key_was_used"),
        ("sales", "0003_tasks_and_short_closing"),
        ("invoicing", "0004_payment_sorts"),
    ]

    operations = [migrations.RunSQL(OF_ALL, migrations.RunSQL.noop, elidable=True)]
