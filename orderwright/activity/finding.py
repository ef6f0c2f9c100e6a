"""Search that forgives typing errors: how texts are folded, and the frame of every finder.

A finder is one function in the database for one kind of record, written in the area that owns the
tables (`finding.py` there): it takes what was typed and how many rows are wanted, and answers ids
with a score of 0 to 1. It runs with the rights of its owner, because row level security hides
trigram indexes from `LIKE`; so it tests the organization itself, in every branch. A finder looks
for what was typed as it stands first, and for what resembles it only when that finds nothing.
"""

from typing import Final

MOST_IN_A_LIST: Final = 10_000
MOST_TYPED: Final = 200
CLOSELY: Final = "'0.6'"
REMOTELY: Final = "'0.33'"

# Lower case without accents; `Müller` is found as `muller`.
FOLDED: Final = """
    CREATE OR REPLACE FUNCTION search_folded(given text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, public AS $$
    BEGIN
        RETURN lower(unaccent('unaccent', given));
    END $$
"""

# A code without what people leave out or confuse: case, signs between, o and 0, i, l and 1.
CODE: Final = """
    CREATE OR REPLACE FUNCTION search_code(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT translate(regexp_replace(lower(given), '[^a-z0-9]', '', 'g'), 'oil', '011')
    $$
"""

# What people say of a number: its last digits without leading zeros; `1042` of `SO-01042`.
DIGITS: Final = """
    CREATE OR REPLACE FUNCTION search_digits(given text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT ltrim(substring(given from '([0-9]+)[^0-9]*$'), '0')
    $$
"""

# `typed` taken apart once: what every finder compares with.
TYPED: Final = """
    CREATE OR REPLACE FUNCTION search_typed(
        given text, OUT organization uuid, OUT plain text, OUT folded text, OUT code text,
        OUT digits text, OUT head text, OUT words text[])
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public AS $$
    BEGIN
        organization := nullif(current_setting('app.organization', true), '')::uuid;
        plain := btrim(left(given, 200));
        folded := regexp_replace(public.search_folded(plain), '\\s+', ' ', 'g');
        code := public.search_code(plain);
        IF folded ~ '^(order |no |nr |customer )?[#a-z0-9]{0,6}[ ./#-]*[0-9]+$' THEN
            digits := public.search_digits(plain);
            head := regexp_replace(folded, '^(order|no|nr|customer) ', '');
            head := public.search_code(coalesce(
                substring(head from '^([a-z][a-z0-9]*)[ ./#-]'), substring(head from '^[a-z]+')));
        END IF;
        SELECT coalesce(array_agg('%' || regexp_replace(word, '([\\\\%_])', '\\\\\\1', 'g') || '%'),
                        '{}')
        INTO words FROM unnest(string_to_array(folded, ' ')) AS word WHERE word <> '';
        words := words || array_fill('%'::text, ARRAY[4]);
    END $$
"""

TEXT_FUNCTIONS: Final = (FOLDED, CODE, DIGITS, TYPED)


def finder(name: str, *, literal: str, similar: str = "", parameters: str = "") -> str:
    """The function `search_<name>(typed, most)` from its two queries.

    Both answer (id, score) and may use `t`, what was typed, taken apart; `literal` finds it as it
    stands, `similar` what resembles it: closely, or if nothing does, remotely.
    """
    further = ""
    if similar:
        further = f"""
        IF NOT FOUND AND t.digits IS NULL AND length(t.folded) > 3 THEN
            FOREACH alike IN ARRAY ARRAY[{CLOSELY}, {REMOTELY}] LOOP
                PERFORM set_config('pg_trgm.word_similarity_threshold', alike, true);
                RETURN QUERY SELECT s.id, max(s.score)::real FROM ({similar}) AS s
                    GROUP BY s.id ORDER BY 2 DESC, 1 DESC LIMIT most;
                EXIT WHEN FOUND;
            END LOOP;
        END IF;"""
    return f"""
    CREATE OR REPLACE FUNCTION search_{name}(typed text, most integer{parameters})
    RETURNS TABLE (id uuid, score real)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp
    SET pg_trgm.word_similarity_threshold = {CLOSELY}
    SET plan_cache_mode = force_custom_plan
    SET jit = off
    AS $$
    DECLARE t record; alike text;
    BEGIN
        SELECT * INTO t FROM search_typed(typed);
        IF t.organization IS NULL OR t.plain = '' THEN RETURN; END IF;
        RETURN QUERY SELECT s.id, max(s.score)::real FROM ({literal}) AS s
            GROUP BY s.id ORDER BY 2 DESC, 1 DESC LIMIT most;{further}
    END $$
    """


def resembles(expression: str) -> str:
    """How much a text that holds something like what was typed resembles it: 0 to 0.7."""
    return (
        f"0.65 * word_similarity(t.folded, {expression})"
        f" + 0.05 * similarity(t.folded, {expression})"
    )


def in_range(expression: str, typed: str) -> str:
    """Whether the text starts with what was typed, as an index in byte order answers it."""
    return (
        f'{expression} COLLATE "C" >= {typed} COLLATE "C" '
        f'AND {expression} COLLATE "C" < {typed} || chr(1114111) COLLATE "C"'
    )


def by_number(table: str, *, digits: float) -> str:
    """Two branches of a finder: the rows `r` whose number is what was typed or begins with it, and
    those whose last digits were typed, which score `digits`. The indexes of `number_indexes` answer
    them."""
    code = "search_code(r.number)"
    mine = f"FROM {table} r WHERE r.organization_id = t.organization"
    return f"""
        (SELECT r.id, CASE WHEN {code} = t.code THEN 1.0 ELSE 0.7 END AS score
            {mine} AND length(t.code) > 2 AND {in_range(code, "t.code")}
            ORDER BY {code} COLLATE "C" LIMIT most)
        UNION ALL
        (SELECT r.id, {digits} {mine} AND search_digits(r.number) COLLATE "C" = t.digits
            AND (t.head IS NULL OR starts_with({code}, t.head)) LIMIT most)
    """


def number_indexes(noun: str, table: str) -> tuple[str, str]:
    """The indexes that find rows by their number, its beginning and its last digits."""
    return (
        f"CREATE INDEX {noun}_found_by_number ON {table} "
        '(organization_id, search_code(number) COLLATE "C")',
        f"CREATE INDEX {noun}_found_by_digits ON {table} "
        '(organization_id, search_digits(number) COLLATE "C")',
    )


def contains_all_words(expression: str) -> str:
    """Whether the text contains each of the first four words that were typed."""
    return (
        "length(t.folded) > 2 AND "
        + " AND ".join(f"{expression} LIKE t.words[{place}]" for place in range(1, 5))
        + f" AND {expression} LIKE ALL (t.words)"
    )
