"""The finders of search with their indexes; each area says its own, here they are installed."""

from django.db import migrations

from orderwright.activity import finding
from orderwright.catalog import finding as catalog
from orderwright.directory import finding as directory
from orderwright.inventory import finding as inventory
from orderwright.sales import finding as sales
from orderwright.shipping import finding as shipping

STATEMENTS = (
    *finding.TEXT_FUNCTIONS,
    catalog.PRODUCT_TEXT,
    *directory.INDEXES,
    *catalog.INDEXES,
    *inventory.INDEXES,
    *sales.INDEXES,
    *shipping.INDEXES,
    directory.CUSTOMERS,
    catalog.PRODUCTS,
    inventory.LOTS,
    sales.ORDERS,
    shipping.SHIPMENTS,
)


class Migration(migrations.Migration):
    """After the tables that they look into."""

    dependencies = [
        ("activity", "0002_secure"),
        ("directory", "0002_secure"),
        ("catalog", "0002_secure"),
        ("inventory", "0002_secure"),
        ("sales", "0002_secure"),
        ("shipping", "0002_secure"),
    ]

    operations = [migrations.RunSQL(statement, migrations.RunSQL.noop) for statement in STATEMENTS]
