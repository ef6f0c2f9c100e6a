"""Match a phrase that holds no quantity, such as the cells of a table."""

from collections.abc import Sequence
from dataclasses import replace

from orderwright.extraction.items import read_without_amount
from orderwright.extraction.readings import Reading, Setting
from orderwright.extraction.tokens import Token


def read_phrase(tokens: Sequence[Token], positions: Sequence[int], setting: Setting) -> Reading:
    """What the tokens at the positions name. The positions may have gaps."""
    chosen = [tokens[at] for at in positions]
    reading = read_without_amount(chosen, setting)
    back = dict(enumerate(positions))
    hits = tuple(
        replace(hit, explained=frozenset(back[at] for at in hit.explained if at in back))
        for hit in reading.hits
    )
    return replace(
        reading,
        first=positions[0],
        last=positions[-1] + 1,
        hits=hits,
        words=tuple(back[at] for at in reading.words),
        left=(),
        features=tuple(replace(f, token=back.get(f.token, -1)) for f in reading.features),
    )
