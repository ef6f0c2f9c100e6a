"""What a role may do: codes `<area>:<verb>`, and the roles that a new organization starts with.

The matrix is domain 1.2. Built-in roles: Admin, Manager, Member, Viewer; templates: Sales,
Warehouse, Finance. A field that a role may not see is absent from answers, never blanked.
"""

from typing import Final

VERBS: Final = {"C": "create", "R": "read", "U": "update", "D": "delete"}

AREAS: Final = (
    "sales_orders",
    "purchase_orders",
    "orders_commercial",
    "customers",
    "suppliers",
    "contacts",
    "products",
    "inventory",
    "picks",
    "shipments",
    "production",
    "invoices",
    "payments",
    "discounts",
    "returns",
    "reports",
    "settings",
    "users",
    "audit",
    "ai",
)

ROLES: Final = ("Admin", "Manager", "Member", "Viewer", "Sales", "Warehouse", "Finance")

_MATRIX: Final[dict[str, tuple[str, str, str, str, str, str, str]]] = {
    #                     Admin   Manager Member Viewer Sales  Wareh. Finance
    "sales_orders": ("CRUD", "R", "", "R", "CRU", "R", "R"),
    "purchase_orders": ("CRUD", "R", "", "R", "R", "RU", "R"),
    "orders_commercial": ("CRU", "", "", "", "RU", "", "RU"),
    "customers": ("CRUD", "", "", "R", "CRU", "R", "R"),
    "suppliers": ("CRUD", "", "", "R", "R", "R", "R"),
    "contacts": ("CRUD", "", "", "R", "CRU", "", "R"),
    "products": ("CRUD", "R", "R", "R", "R", "R", "R"),
    "inventory": ("CRUD", "CRUD", "R", "R", "R", "CRU", "R"),
    "picks": ("CRUD", "", "", "R", "R", "CRU", "R"),
    "shipments": ("CRUD", "", "", "R", "R", "CRU", "R"),
    "production": ("CRUD", "CRUD", "CRU", "R", "R", "R", "R"),
    "invoices": ("CRUD", "", "", "R", "R", "", "CRU"),
    "payments": ("CRUD", "", "", "R", "R", "", "CRU"),
    "discounts": ("CRUD", "", "", "R", "RU", "", "R"),
    "returns": ("CRUD", "", "", "R", "CRU", "CRU", "R"),
    "reports": ("CRUD", "R", "", "R", "R", "R", "R"),
    "settings": ("CRUD", "", "", "", "", "", ""),
    "users": ("CRUD", "", "", "", "", "", ""),
    "audit": ("CRUD", "", "", "R", "", "", "R"),
    "ai": ("CRUD", "", "", "", "CRU", "", ""),
}


def every_permission() -> frozenset[str]:
    """All codes that exist."""
    return frozenset(f"{area}:{verb}" for area in AREAS for verb in VERBS.values())


def default_permissions(role: str) -> frozenset[str]:
    """The codes of a built-in role or template (domain 1.2). KeyError-free: unknown means none.

    >>> sorted(default_permissions("Warehouse"))[:3]
    ['customers:read', 'inventory:create', 'inventory:read']
    """
    if role not in ROLES:
        return frozenset()
    column = ROLES.index(role)
    return frozenset(
        f"{area}:{VERBS[letter]}" for area, cells in _MATRIX.items() for letter in cells[column]
    )
