"""Numbers are found by their digits (finding.py): trigrams of every number cost each new order."""

from django.db import migrations


class Migration(migrations.Migration):
    """One index less to write."""

    dependencies = [("sales", "0004_list_indexes")]

    operations = [migrations.RemoveIndex("salesorder", "order_number_trigrams")]
