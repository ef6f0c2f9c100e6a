"""Texts of statements: long ones are written over many lines and sent as one."""


def on_one_line(statement: str) -> str:
    """The statement without its indentation. No literal in it may hold two spaces in a row.

    The driver remembers how to send a statement of up to 4,096 characters; a longer one it takes
    apart again at every call, which costs more than the rest of sending it.
    """
    return " ".join(statement.split())


def like_pattern(text: str) -> str:
    """What `ILIKE` takes to find a text that somebody typed, anywhere and letter by letter."""
    escaped = text.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
