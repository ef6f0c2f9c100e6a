"""The forms of a page as a browser would send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

TYPED = frozenset({"", "text", "email", "search", "tel", "url", "number", "date", "password"})


@dataclass
class FoundForm:
    """A form that posts: what it would send untouched, and which fields somebody types into."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    typed: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)

    def sent(self, text: str) -> dict[str, list[str]]:
        """What is sent when every field that is typed into holds `text`."""
        return {**self.values, **{name: [text] for name in self.typed}}


def forms_of(html: str, page: str) -> list[FoundForm]:
    """The forms in the page's content that post, without those of one button only."""
    reader = _Reader(page)
    reader.feed(html)
    return [form for form in reader.forms if form.typed or form.files]


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[FoundForm] = []
        self.form: FoundForm | None = None
        self.select = self.textarea = ""
        self.is_chosen = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = {name: value or "" for name, value in attrs}
        if tag == "form" and held.get("method") == "post" and held.get("action") != "/sign-out":
            self.form = FoundForm(held.get("action") or held.get("hx-post") or self.page)
            self.forms.append(self.form)
        # A row that a button adds has its number's place kept free.
        name = held.get("name", "").replace(".__.", ".7.")
        if self.form is None or ("disabled" in held and tag != "option"):
            return
        if tag == "input" and name:
            self._input(self.form, name, held)
        elif tag == "textarea" and name:
            self.textarea = name
            self.form.typed.append(name)
        elif tag == "select" and name:
            self.select, self.is_chosen = name, False
        elif tag == "option" and self.select and not self.is_chosen:
            self.is_chosen = "selected" in held
            if self.is_chosen or self.select not in self.form.values:
                self.form.values[self.select] = [held.get("value", "")]

    def _input(self, form: FoundForm, name: str, held: dict[str, str]) -> None:
        kind = held.get("type", "")
        if kind == "file":
            form.files.append(name)
        elif kind in ("checkbox", "radio"):
            if "checked" in held:
                form.values.setdefault(name, []).append(held.get("value", "on"))
        else:
            form.values.setdefault(name, []).append(held.get("value", ""))
            if kind in TYPED and not {"readonly", "hidden"} & set(held) and name not in form.typed:
                form.typed.append(name)
                if kind in ("number", "date") or held.get("inputmode") in ("decimal", "numeric"):
                    form.numbers.append(name)

    def handle_data(self, text: str) -> None:
        if self.form is not None and self.textarea:
            self.form.values[self.textarea] = [text]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "textarea":
            self.textarea = ""
        elif tag == "select":
            self.select = ""
