"""What kind of clause it is: an order, or stock, a question, history, a refusal, a correction."""

import re

NEGATED = re.compile(
    r"^\W{0,3}no\s\d{1,5}\s[a-z]{3}|\b(?:no(?!\.|\s?\d"
    r"|\s(?:wait|sorry|later|rush|hurry|problem|worries|need to|doubt)\b)"
    r"|not(?!\s(?:later|before|sure|only)\b)|don'?t|do not|doesn'?t|isn'?t|aren'?t|won'?t|skip"
    r"|without"
    r"|none|never|nothing|cancel(?:led|s)?|drop|remove|scrap|leave out|forget(?! about that)"
    r"|delete|strike"
    r"|except|minus|kein(?:e|en)?|nicht|ohne|pas(?: de| besoin)?|sans|sin|mat|nahi"
    r"|hold off on)\b(?!-)"
)
CANCELLED = re.compile(
    r"\b(?:no|skip|cancel(?:led|s)?|drop|remove|scrap|leave out|forget|delete|strike|without|none"
    r"|don'?t (?:need|want|send|ship|include)|do not (?:need|want|send|ship)|not needed"
    r"|isn'?t needed"
    r"|hold off on|kein(?:e|en)?|ohne|sans|sin|mat|nahi|pas(?: de| besoin))\b"
)
STOCK = re.compile(
    r"\b(?:in stock|on hand|on the shelf|(?:have|has|got|are|is|only"
    r"|still)\b.{0,40}\bleft(?! hand| side)|still have|still got"
    r"|(?<!can )(?<!could )(?<!may )(?<!should )we have(?! to\b)"
    r"|(?<!can )(?<!could )(?<!may )(?<!should )i have(?! to\b)|have plenty|plenty of|remaining"
    r"|warehouse shows|system shows|is down to|are down to"
    r"|down to|our stock|il nous reste|haben noch|wir haben|noch vorrätig|auf lager|tenemos"
    r"|nos quedan"
    r"|found some|got some|stock level|inventory shows)\b"
)
QUESTION = re.compile(
    r"\b(?:do you (?:have|stock|carry|sell)|how much|how many|what(?:'s| is| are| would)"
    r"|when (?:will|can|is)"
    r"|is there|are there|which|lead time|price of|price for|cost of|would .{0,40}cost"
    r"|could you quote"
    r"|any news|where is|was kostet|haben sie|combien|cuánto|kitna)\b"
)
HISTORY = re.compile(
    r"\b(?:last (?:order|time|year|month|week|invoice|delivery|shipment)|previous(?:ly)?"
    r"|yesterday we"
    r"|we can offer|our offer|your offer|your quote|your price list|price list|invoice"
    r"|already (?:ordered|received|got|have)"
    r"|we (?:ordered|received|got|bought)|was damaged|were damaged|damaged|credit (?:note|us)"
    r"|complain(?:t|ing)?"
    r"|letzte(?:s|n)? (?:bestellung|mal)|ihr angebot|la última vez|you sent|you delivered"
    r"|ignore (?:all|the|any|previous))\b"
)
REQUEST = re.compile(
    r"\b(?:please|pls|plz|send|need(?!ed by)|want|order(?!ed| no| from| of last)|would like"
    r"|we'd like|i'd like|take|add"
    r"|get|deliver|supply|ship|give|bring|print|buy|quote|reorder|require|looking for|go ahead"
    r"|proceed|book"
    r"|bitte|brauchen|brauche|bestellen|benötig\w{1,4}|liefern|möchte\w?|commander|livrer"
    r"|voudrais|faut"
    r"|necesit\w{1,4}|quiero|queremos|pedir|envíen|envien|chahiye|bhej\w{0,3})\b"
)
RESET = re.compile(
    r"^\W{0,4}(?:so|but|then|therefore|instead|hence|please|also|aber|daher|donc|mais|pero"
    r"|for now|if so)\b"
)
CORRECTED = re.compile(
    r"\b(?:actually|sorry|oops|ooops|oh wait|no wait|wait|hang on|correction|make (?:that|it"
    r"|the)|scratch that|i mean(?:t)?"
    r"|on second thoughts?|should (?:be|read)|change|changed|typo|better make|rather|korrektur"
    r"|doch lieber"
    r"|eigentlich|pardon|mejor|perdón|update)\b"
)
SAME = re.compile(
    r"\b(?:same (?:again|quantity|qty|amount|number|for|of)|the same (?:again|for|of)|ditto"
    r"|likewise|as many|dito|idem)\b"
)
MORE = re.compile(
    r"\b(?:more|another|extra|additional|further|of (?:them|those|these|each)|again|weitere|más"
    r"|de plus)\b"
)
EACH = re.compile(
    r"\beach\b|\bone of every\b|\bof every\b|\bje(?:weils)?\b|\bcada\b|\bchacun(?:e)?\b"
)
OPTIONAL = re.compile(
    r"\b(?:optional(?:ly)?|if (?:possible|they fit|there is room|you have)|eventuell|perhaps)\b"
)
INJECTION = re.compile(
    r"\bignore (?:all |any |the |your )?(?:previous|prior|above|earlier)|\byou are now\b"
    r"|\badmin mode\b|\bsystem\s?:|\bfor free\b"
    r"|\bset (?:the )?price"
)


def kind_of(text: str, *, before: str, question: bool) -> str:
    """The kind of a clause: order, corrected, negated, stock, question, history or ignored.

    `before` is the kind of the clause in front of it in the same sentence, which lasts until
    something asks for goods again.
    """
    if INJECTION.search(text):
        return "ignored"
    request = bool(REQUEST.search(text))
    if CORRECTED.search(text):
        return "corrected"
    if NEGATED.search(text):
        return "negated"
    if STOCK.search(text):
        return "stock"
    if question and QUESTION.search(text):
        return "question"
    if HISTORY.search(text) and not (request and not text.startswith(("last", "our", "your"))):
        return "history"
    if (
        before in ("stock", "history", "question", "ignored")
        and not request
        and not RESET.search(text)
    ):
        return before
    return "order"


REASONS = {
    "negated": "not wanted",
    "stock": "stock level, not an order",
    "question": "part of a question",
    "history": "about an earlier order or offer",
    "ignored": "an instruction, not an order",
}
