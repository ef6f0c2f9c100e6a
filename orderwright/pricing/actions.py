"""What happens to prices when customers are merged. Other writes go through `activity.records`."""

from orderwright.directory.merging import Merge
from orderwright.identity.caller import Caller
from orderwright.pricing.models import CustomerPrice


def let_prices_merge(by: Caller, merge: Merge) -> None:
    """Customers become one: where the one that stays has an active price for a product line, the
    others' active prices for it come along inactive, so that nobody's price changes by itself.

    Two statements.
    """
    active = CustomerPrice.objects.of(by.organization_id).active()
    own = active.filter(customer_id=merge.target_id).values_list("product_line_id", flat=True)
    theirs = active.filter(customer_id__in=merge.source_ids, product_line_id__in=list(own))
    theirs.update(is_active=False)
