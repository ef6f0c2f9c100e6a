"""What can stand in the columns of a file, for each kind of record that is imported.

`spellings` are headings under which programs and people keep a field, beside its label; an
`example` stands in the file that people can start from.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ImportField:
    """One field: its name in the API, its label, and how its texts are read.

    `look`: text, number, fraction, day, flag, words or pairs. `best` is a heading that is taken
    before the label itself.
    """

    name: str
    label: str
    spellings: tuple[str, ...] = ()
    example: str = ""
    look: str = "text"
    best: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one kind.

    `key` are the fields that say which record a row is: the first that is filled; `groups` when
    several rows may make one record; `modes` that make sense. Of each entry of `needs` one field
    has to have a column, or nothing can be read.
    """

    kind: str
    title: str
    noun: str
    area: str
    fields: tuple[ImportField, ...]
    key: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    groups: bool = False
    modes: tuple[str, ...] = ("both", "create", "update")

    def field(self, name: str) -> ImportField | None:
        """The field with this name."""
        return next((field for field in self.fields if field.name == name), None)


_ADDRESS: Final = (
    ImportField("label", "Address name", ("address label", "address type"), "Main"),
    ImportField(
        "street_1",
        "Street",
        ("address", "address 1", "address line 1", "street 1", "street address", "strasse"),
        "1 Main Street",
    ),
    ImportField("street_2", "Street 2", ("address 2", "address line 2", "suite")),
    ImportField("city", "City", ("town", "ort", "place"), "Springfield"),
    ImportField("state", "State", ("province", "region", "county"), "IL"),
    ImportField("postal_code", "Postal code", ("zip", "zip code", "postcode", "plz"), "62701"),
    ImportField("country", "Country", ("country code", "land"), "US"),
    ImportField("is_bill_to", "Bill to", ("billing address", "is billing"), "yes", "flag"),
    ImportField("is_ship_to", "Ship to", ("shipping address", "is shipping"), "yes", "flag"),
)
_CONTACT: Final = (
    ImportField("contact_first_name", "Contact first name", ("contact firstname",), "Ann"),
    ImportField("contact_last_name", "Contact last name", ("contact lastname",), "Lee"),
    ImportField(
        "contact_email", "Contact e-mail", ("contact mail", "contact email"), "ann@acme.example"
    ),
    ImportField(
        "order_confirmation",
        "Gets order confirmations",
        ("order confirmation", "acknowledgements"),
        "yes",
        "flag",
    ),
    ImportField("invoice", "Gets invoices", ("invoice contact", "invoices"), "no", "flag"),
)

CUSTOMERS: Final = Layout(
    kind="customers",
    title="Customers",
    noun="customer",
    area="customers",
    key=("number", "name"),
    needs=(("number", "name"),),
    groups=True,
    fields=(
        ImportField(
            "number",
            "Number",
            ("customer number", "customer no", "customer id", "account number", "code", "id"),
            "C00001",
        ),
        ImportField(
            "name",
            "Name",
            ("customer", "customer name", "company", "company name", "account name", "firma"),
            "Acme Jewelers",
        ),
        ImportField("first_name", "First name", ("given name", "firstname")),
        ImportField("last_name", "Last name", ("surname", "family name", "lastname")),
        ImportField("email", "E-mail", ("email address", "mail", "e mail"), "info@acme.example"),
        ImportField("phone", "Phone", ("telephone", "tel", "phone number"), "+1 217 555 0100"),
        ImportField("website", "Website", ("web", "url", "homepage")),
        ImportField("status", "Status", ("customer status", "hold"), "normal"),
        ImportField("type_group", "Type group", ("customer group", "customer type", "group")),
        ImportField(
            "pricing_groups", "Pricing groups", ("pricing group", "price group"), look="words"
        ),
        ImportField("payment_term", "Payment terms", ("terms", "payment term", "net terms")),
        ImportField("shipping_term", "Shipping terms", ("freight terms", "incoterm")),
        ImportField("carrier", "Carrier", ("ship via", "shipping method")),
        ImportField("priority", "Priority", ("default priority",)),
        ImportField("credit_limit", "Credit limit", ("limit",), "5000.00", "number"),
        ImportField("default_currency", "Currency", ("currency code",), "USD"),
        ImportField("tax_exempt", "Tax exempt", ("exempt",), "no", "flag"),
        ImportField("tax_rate", "Tax rate", ("tax", "vat"), "", "fraction"),
        ImportField("tax_number", "Tax number", ("vat id", "vat number", "tax id"), "DE123456788"),
        ImportField("is_active", "Active", ("in use", "enabled"), "yes", "flag"),
        ImportField("notes", "Notes", ("note", "remarks", "comment", "comments")),
        *_ADDRESS,
        *_CONTACT,
    ),
)

PRODUCTS: Final = Layout(
    kind="products",
    title="Products",
    noun="product",
    area="products",
    key=("sku",),
    needs=(("sku",),),
    fields=(
        ImportField(
            "sku",
            "SKU",
            ("item number", "item no", "article number", "product code", "part number", "code"),
            "GEM-001",
        ),
        ImportField(
            "name",
            "Name",
            ("product", "product name", "title", "item", "item name", "article"),
            "Round diamond 1.2 mm",
        ),
        ImportField("short_name", "Short name", ("short", "abbreviation"), "DIA"),
        ImportField("description", "Description", ("details", "long description", "text")),
        ImportField("type", "Type", ("product type", "item type"), "sale"),
        ImportField("product_line", "Product line", ("line", "family", "collection")),
        ImportField("category", "Category", ("product category", "group")),
        ImportField(
            "base_price",
            "Price",
            ("base price", "sales price", "sell price", "list price", "unit price", "preis"),
            "12.50",
            "number",
        ),
        ImportField("currency", "Currency", ("price currency", "currency code"), "USD"),
        ImportField("price_unit", "Price unit", ("price per", "per")),
        ImportField(
            "unit_cost", "Unit cost", ("cost", "cost price", "purchase price"), "", "number"
        ),
        ImportField(
            "default_unit", "Unit", ("default unit", "uom", "unit of measure", "einheit"), "pcs"
        ),
        ImportField(
            "units",
            "Further units",
            ("units", "packs", "pack sizes"),
            "box=12; carton=144",
            "pairs",
        ),
        ImportField("aliases", "Aliases", ("alias", "synonyms", "also known as"), "", "words"),
        ImportField("attributes", "Attributes", ("properties",), "shape=round", "pairs"),
        ImportField(
            "weight_per_unit", "Weight", ("weight per unit", "unit weight"), "0.5", "number"
        ),
        ImportField("weight_unit", "Weight unit", ("weight uom",), "g"),
        ImportField("tax_rate", "Tax rate", ("tax", "vat"), "", "fraction"),
        ImportField("is_manufactured", "Manufactured", ("made", "make"), "no", "flag"),
        ImportField(
            "reorder_threshold",
            "Reorder at",
            ("reorder point", "reorder threshold", "minimum stock", "min stock"),
            "",
            "number",
        ),
        ImportField("is_active", "Active", ("in use", "enabled", "status"), "yes", "flag"),
    ),
)

INVENTORY: Final = Layout(
    kind="inventory",
    title="Inventory",
    noun="inventory",
    area="inventory",
    key=("tag_id",),
    needs=(("product", "tag_id"),),
    fields=(
        ImportField("tag_id", "Tag", ("tag", "lot", "lot number", "serial", "batch", "id")),
        ImportField(
            "product",
            "Product",
            ("sku", "item", "product sku", "product name", "item number", "part number", "name"),
            "GEM-001",
            best="sku",
        ),
        ImportField(
            "quantity",
            "Quantity",
            ("qty", "on hand", "pieces", "pcs", "count", "stock", "menge"),
            "250",
            "number",
        ),
        ImportField("weight", "Weight", ("total weight",), "125", "number"),
        ImportField("weight_unit", "Weight unit", ("weight uom",), "g"),
        ImportField("location", "Location", ("warehouse", "site", "place"), "Main"),
        ImportField("rack", "Rack", ("bin", "shelf", "rack bin"), "A-3"),
        ImportField("inventory_type", "Type", ("inventory type", "stock type")),
        ImportField("finished_type", "Finished type"),
        ImportField("shape", "Shape"),
        ImportField("size", "Size"),
        ImportField("color", "Color", ("colour",)),
        ImportField("quality", "Quality", ("grade", "clarity")),
        ImportField("unit_cost", "Unit cost", ("cost", "cost price"), "", "number"),
        ImportField("currency", "Currency", ("cost currency", "currency code")),
        ImportField("notes", "Notes", ("note", "remarks", "comment", "comments")),
    ),
)

ORDERS: Final = Layout(
    kind="orders",
    title="Sales orders",
    noun="sales order",
    area="sales_orders",
    key=("order", "customer_po_number"),
    needs=(("customer",), ("product",)),
    groups=True,
    modes=("create",),
    fields=(
        ImportField(
            "order",
            "Order",
            ("order number", "order no", "order id", "order ref", "reference", "document"),
            "1001",
        ),
        ImportField(
            "customer",
            "Customer",
            ("customer number", "customer name", "customer id", "account", "company", "sold to"),
            "C00001",
        ),
        ImportField(
            "customer_po_number",
            "PO number",
            ("po", "po no", "customer po", "purchase order", "customer po number"),
            "PO-77",
        ),
        ImportField(
            "order_lead", "Order lead", ("lead", "staff", "salesperson", "sales person"), "Ada"
        ),
        ImportField(
            "product",
            "Product",
            ("sku", "item", "product sku", "product name", "item number", "part number", "article"),
            "GEM-001",
            best="sku",
        ),
        ImportField(
            "quantity", "Quantity", ("qty", "ordered", "pieces", "pcs", "menge"), "25", "number"
        ),
        ImportField("unit", "Unit", ("uom", "unit of measure"), "pcs"),
        ImportField("unit_price", "Unit price", ("price", "rate", "price each"), "", "number"),
        ImportField("requested_weight", "Weight", ("requested weight",), "", "number"),
        ImportField("weight_unit", "Weight unit", ("weight uom",)),
        ImportField("size", "Size"),
        ImportField("shape", "Shape"),
        ImportField("color", "Color", ("colour",)),
        ImportField("quality", "Quality", ("grade",)),
        ImportField("material", "Material", ("metal",)),
        ImportField("description", "Description", ("line description", "text")),
        ImportField(
            "date_required",
            "Date required",
            ("required date", "required", "due date", "delivery date", "ship date"),
            "2027-01-15",
            "day",
        ),
        ImportField("promised_at", "Promised", ("promised date", "promise date"), "", "day"),
        ImportField("priority", "Priority", ("urgency",), "normal"),
        ImportField("currency", "Currency", ("currency code",)),
        ImportField("discount_code", "Discount code", ("coupon", "promo code")),
        ImportField("notes", "Notes", ("note", "remarks", "comment", "comments")),
    ),
)

LAYOUTS: Final = {layout.kind: layout for layout in (CUSTOMERS, PRODUCTS, INVENTORY, ORDERS)}
