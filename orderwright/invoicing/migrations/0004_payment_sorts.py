"""Payments are sorted by their date and by their amount."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes of payments."""

    dependencies = [("invoicing", "0003_tax_rates_of_lines")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                fields=["organization", "payment_date", "id"], name="payment_by_date"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["organization", "amount", "id"], name="payment_by_amount"),
        ),
    ]
