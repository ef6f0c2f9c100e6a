"""The finder of customers: by number, name, person and e-mail address, their contacts' too.

Who may not know the people of a customer finds by its name and number only: `with_people` false.
"""

from typing import Final

from orderwright.activity.finding import (
    MOST_IN_A_LIST,
    contains_all_words,
    finder,
    in_range,
    resembles,
)

NAME: Final = "search_folded(c.name || ' ' || c.first_name || ' ' || c.last_name)"
_OWN_NAME: Final = "search_folded(c.name)"
_MINE: Final = "FROM directory_customer c WHERE c.organization_id = t.organization"
# A mistyped address is looked for among the newest contacts of its domain.
_DOMAIN: Final = "split_part(lower(n.email), '@', 2)"
_OF_A_DOMAIN: Final = 500

CUSTOMERS: Final = finder(
    "customers",
    parameters=", with_people boolean",
    literal=f"""
        (SELECT c.id, 1.0 AS score {_MINE} AND lower(c.number) = lower(t.plain))
        UNION ALL
        (SELECT c.id, 0.98 {_MINE} AND search_digits(c.number) COLLATE "C" = t.digits
            AND (t.head IS NULL OR starts_with(search_code(c.number), t.head)))
        UNION ALL
        (SELECT c.id, CASE WHEN search_folded(c.name) = t.folded THEN 0.97 ELSE 0.85 END
            {_MINE} AND {in_range(NAME, "t.folded")}
            AND (with_people OR starts_with({_OWN_NAME}, t.folded))
            ORDER BY {NAME} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT c.id, 0.9 {_MINE} AND c.email <> '' AND {in_range("lower(c.email)", "t.folded")}
            AND with_people
            LIMIT most)
        UNION ALL
        (SELECT n.customer_id, 0.9 FROM directory_contact n
            WHERE n.organization_id = t.organization AND {in_range("lower(n.email)", "t.folded")}
            AND with_people
            LIMIT most)
        UNION ALL
        (SELECT c.id, 0.7 {_MINE} AND {contains_all_words(NAME)}
            AND (with_people OR {_OWN_NAME} LIKE ALL (t.words)) LIMIT most)
    """,
    similar=f"""
        (SELECT c.id, {resembles(NAME)} AS score
            {_MINE} AND {NAME} %> t.folded AND t.folded !~ '@'
            AND (with_people OR {_OWN_NAME} %> t.folded) ORDER BY 2 DESC LIMIT most)
        UNION ALL
        (SELECT m.customer_id, 0.6 * similarity(t.folded, lower(m.email)) FROM (
            SELECT n.customer_id, n.email FROM directory_contact n
            WHERE n.organization_id = t.organization AND {_DOMAIN} COLLATE "C" =
                split_part(t.folded, '@', 2) AND t.folded ~ '@.' AND with_people
            ORDER BY n.id DESC LIMIT {_OF_A_DOMAIN}) AS m
            ORDER BY 2 DESC LIMIT most)
    """,
)

INDEXES: Final = (
    "CREATE INDEX customer_found_by_digits ON directory_customer "
    '(organization_id, search_digits(number) COLLATE "C")',
    "CREATE INDEX customer_found_by_name ON directory_customer "
    f'(organization_id, ({NAME.replace("c.", "")}) COLLATE "C")',
    "CREATE INDEX customer_found_by_email ON directory_customer "
    "(organization_id, lower(email) COLLATE \"C\") WHERE email <> ''",
    "CREATE INDEX customer_name_trigrams ON directory_customer "
    f"USING gin (({NAME.replace('c.', '')}) gin_trgm_ops)",
    "CREATE INDEX contact_found_by_email ON directory_contact "
    '(organization_id, lower(email) COLLATE "C")',
    "CREATE INDEX contact_found_by_domain ON directory_contact "
    f"""(organization_id, ({_DOMAIN.replace("n.", "")}) COLLATE "C", id)""",
)

# The ids that a search in a list of customers finds; without their people for who only ships.
LISTED: Final = f"SELECT f.id FROM search_customers(%s, {MOST_IN_A_LIST}, true) AS f"
LISTED_BY_NAME: Final = f"SELECT f.id FROM search_customers(%s, {MOST_IN_A_LIST}, false) AS f"
