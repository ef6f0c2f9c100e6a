"""Orders issued before picks existed get theirs, as `pick_rules` would have planned it."""

from django.db import migrations

# What has left counts as picked and packed: one packed row for each line of a live shipment, with
# nothing recorded by people. What is outstanding gets an open row.
OF_ONE = """
    CREATE TEMPORARY TABLE older ON COMMIT DROP AS
    SELECT o.organization_id, o.id AS order_id, gen_random_uuid() AS pick_id
    FROM sales_salesorder o
    WHERE o.status IN ('issued', 'fulfilled', 'completed')
      AND NOT EXISTS (SELECT FROM shipping_pick p
                      WHERE p.organization_id = o.organization_id AND p.order_id = o.id);

    CREATE TEMPORARY TABLE carried ON COMMIT DROP AS
    SELECT w.line_id, w.shipment_id, w.quantity, coalesce(s.shipped_at, s.created_at) AS packed_at
    FROM older d
    JOIN shipping_shipment s ON s.organization_id = d.organization_id AND s.order_id = d.order_id
    JOIN shipping_shipmentline w
      ON w.organization_id = s.organization_id AND w.shipment_id = s.id
    WHERE s.stage <> 'voided' AND s.tracking_status <> 'cancelled';

    UPDATE sales_salesorderline l
    SET packed = c.quantity, picked = c.quantity
    FROM (SELECT line_id, sum(quantity) AS quantity FROM carried GROUP BY line_id) c
    WHERE l.organization_id = {organization} AND l.id = c.line_id;

    CREATE TEMPORARY TABLE wanted ON COMMIT DROP AS
    SELECT d.pick_id, l.id AS line_id, l.packed, l.picked,
           CASE WHEN l.is_cancelled THEN 0
                ELSE greatest(0, l.ordered - l.cancelled_quantity - l.packed) END AS outstanding
    FROM older d
    JOIN sales_salesorderline l ON l.organization_id = {organization} AND l.order_id = d.order_id
    WHERE l.kind = 'product' AND l.product_id IS NOT NULL;

    UPDATE wanted SET outstanding = 0 WHERE packed > 0 AND outstanding <= 0.000001;

    INSERT INTO shipping_pick (
        organization_id, id, version, created_at, updated_at, order_id, number, status,
        finished_at, note, priority_rank, due_on)
    SELECT o.organization_id, d.pick_id, 1, now(), now(), o.id, o.number,
           CASE WHEN w.is_open THEN 'open' ELSE 'finished' END,
           CASE WHEN NOT w.is_open THEN coalesce(o.fulfilled_at, now()) END, '',
           CASE o.priority WHEN 'high' THEN 0 WHEN 'low' THEN 2 ELSE 1 END,
           coalesce(o.date_required, date '9999-12-31')
    FROM older d
    JOIN sales_salesorder o ON o.organization_id = d.organization_id AND o.id = d.order_id
    JOIN (SELECT pick_id, bool_or(outstanding > 0) AS is_open
          FROM wanted WHERE outstanding > 0 OR packed > 0 GROUP BY pick_id) w USING (pick_id);

    INSERT INTO shipping_pickline (
        organization_id, id, pick_id, line_id, ordered_quantity, quantity, recorded, packed_at,
        shipment_id)
    SELECT {organization}, gen_random_uuid(), w.pick_id, w.line_id, c.quantity, c.quantity, 0,
           c.packed_at, c.shipment_id
    FROM wanted w JOIN carried c USING (line_id);

    INSERT INTO shipping_pickline (
        organization_id, id, pick_id, line_id, ordered_quantity, quantity, recorded)
    SELECT {organization}, gen_random_uuid(), pick_id, line_id, outstanding,
           greatest(0, picked - packed), 0
    FROM wanted WHERE outstanding > 0;

    DROP TABLE wanted, carried, older;
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
    """After the tables of picks; once, for what came before them."""

    dependencies = [
        ("identity", "0004_when_a_key_was_used"),
        ("sales", "0003_tasks_and_short_closing"),
        ("shipping", "0004_picks_and_cases"),
    ]

    operations = [migrations.RunSQL(OF_ALL, migrations.RunSQL.noop, elidable=True)]
