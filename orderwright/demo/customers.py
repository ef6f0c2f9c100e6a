"""Who buys from the demo company."""

from typing import Any

# name, status, priority, street, city, state, postal code, country
_ROWS = (
    ("Acme Jewellers", "normal", "high", "12 Canal Street", "New York", "NY", "10013", "US"),
    ("Atelier Meridian", "preferred", "normal", "8 Rue du Temple", "Paris", "", "75004", "FR"),
    ("Beacon Hill Gems", "normal", "normal", "41 Charles Street", "Boston", "MA", "02114", "US"),
    ("Cedar & Stone", "normal", "normal", "900 Pine Street", "Seattle", "WA", "98101", "US"),
    ("Copper Fox Studio", "normal", "low", "17 Mill Lane", "Bristol", "", "BS1 4DJ", "GB"),
    ("Delta Bridal", "hold_shipment", "normal", "55 Beale Street", "Memphis", "TN", "38103", "US"),
    ("Eastgate Trading", "normal", "normal", "210 Harbour Road", "Singapore", "", "049213", "SG"),
    ("Fairlight & Sons", "preferred", "high", "3 Hatton Garden", "London", "", "EC1N 8AH", "GB"),
    ("Goldammer GmbH", "normal", "normal", "Schmuckweg 9", "Pforzheim", "", "75172", "DE"),
    ("Harbour Lights", "normal", "normal", "77 Queen Street", "Auckland", "", "1010", "NZ"),
    ("Isla Pearl Co.", "normal", "low", "Calle Mayor 21", "Palma", "", "07001", "ES"),
    (
        "Juniper Lane",
        "normal",
        "normal",
        "630 Valencia Street",
        "San Francisco",
        "CA",
        "94110",
        "US",
    ),
    ("Kestrel Watches", "hold_all", "normal", "14 Bahnhofstrasse", "Biel", "", "2502", "CH"),
    (
        "Lumen Retail Group",
        "preferred",
        "normal",
        "1 Market Square",
        "Chicago",
        "IL",
        "60601",
        "US",
    ),
    ("Marlow Antiques", "normal", "low", "29 High Street", "Marlow", "", "SL7 1AU", "GB"),
    ("North Shore Silver", "normal", "normal", "480 Lake Avenue", "Duluth", "MN", "55802", "US"),
    ("Opaline", "normal", "normal", "33 Collins Street", "Melbourne", "VIC", "3000", "AU"),
    ("Perla Fina", "normal", "high", "Via Roma 5", "Vicenza", "", "36100", "IT"),
)


def customers(terms: list[str], lead_id: str) -> list[dict[str, Any]]:
    """Every customer as the API takes it; `terms` are ids of payment terms to share out."""
    return [_customer(row, terms[index % len(terms)], lead_id) for index, row in enumerate(_ROWS)]


def _customer(row: tuple[str, ...], term_id: str, lead_id: str) -> dict[str, Any]:
    name, status, priority, street, city, state, postal_code, country = row
    first = name.split()[0].lower()
    return {
        "name": name,
        "status": status,
        "addresses": [
            {
                "label": name,
                "street_1": street,
                "city": city,
                "state": state,
                "postal_code": postal_code,
                "country": country,
                "is_bill_to": True,
                "is_ship_to": True,
            }
        ],
        "contacts": [
            {
                "first_name": "Purchasing",
                "last_name": name.split()[0],
                "email": f"orders@{first}.example",
                "order_confirmation": True,
                "invoice": True,
            }
        ],
        "defaults": {
            "payment_term_id": term_id,
            "priority": priority,
            "sales_rep_id": lead_id,
        },
    }
