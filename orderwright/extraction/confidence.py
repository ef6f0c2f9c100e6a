"""How sure a row is: what the review's colours follow."""

from collections.abc import Sequence

from orderwright.extraction.drafts import Draft


def confidence(draft: Draft, flags: Sequence[str]) -> float:
    """How sure the row is, 0 to 1: the product's score, less for every doubt."""
    if not draft.hits:
        return 0.2
    value = draft.hits[0].score
    costs = {
        "ambiguous_product": 0.25, "missing_quantity": 0.3, "unknown_unit": 0.15, "bad_number": 0.4,
        "range": 0.15, "converted": 0.1, "ambiguous_unit": 0.15, "corrected": 0.1, "optional": 0.2,
        "in_context": 0.1,
    }  # fmt: skip
    for flag in flags:
        value -= costs.get(flag, 0.0)
    prior = draft.reading.amount.prior if draft.reading.amount else 0.8
    return round(max(0.05, min(0.99, value - 0.12 * (1 - prior))), 2)
