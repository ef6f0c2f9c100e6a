"""E-mails are worded by whoever runs the organization, and no wording can say more than it may."""

import pytest

from orderwright.documents.mail_html import html_of
from orderwright.documents.mail_templates import (
    TEMPLATES,
    MailTemplate,
    Wording,
    check_wording,
    rendered,
)
from orderwright.kernel.errors import Invalid

INVOICE = TEMPLATES["invoice_sent"]


@pytest.mark.parametrize("template", TEMPLATES.values(), ids=TEMPLATES)
def test_each_wording_that_we_ship_names_only_fields_that_there_are(template: MailTemplate) -> None:
    said = template.wording
    assert check_wording(template, said.subject, said.text) == said
    shown = rendered(said, template.samples)
    assert "{{" not in shown.subject + shown.text
    assert "\x00" not in shown.subject + shown.text


def test_a_field_without_a_value_leaves_no_gap() -> None:
    said = Wording("Order {{ a }} {{ b }} now", "Dear {{ a }},\n\n{{ b }}\n\nyour {{ b }} order.")
    shown = rendered(said, {"a": "X"})
    assert (shown.subject, shown.text) == ("Order X now", "Dear X,\n\nyour order.\n")


def test_what_a_value_says_is_not_a_field_again() -> None:
    shown = rendered(Wording("{{ a }}", "{{a}}"), {"a": "{{ b }}", "b": "secret"})
    assert (shown.subject, shown.text) == ("{{ b }}", "{{ b }}\n")


def test_an_unknown_field_is_refused_beside_it_with_those_that_there_are() -> None:
    with pytest.raises(Invalid) as refused:
        check_wording(INVOICE, "{{ invoice.number }}", "{{ organization.settings }}")
    assert refused.value.code == "unknown_field"
    assert list(refused.value.fields) == ["text"]
    said = refused.value.fields["text"]
    assert said.startswith("There is no field “organization.settings” here. There are: ")
    assert all(name in said for name in INVOICE.samples)


@pytest.mark.parametrize("typed", ["{{ invoice.number }", "{{ invoice.number", "x }}"])
def test_a_field_that_is_not_closed_is_refused(typed: str) -> None:
    if typed == "{{ invoice.number }":
        typed = "{{ invoice.number } }"
    with pytest.raises(Invalid) as refused:
        check_wording(INVOICE, typed, "")
    assert refused.value.fields.keys() == {"subject"}


def test_both_mistakes_are_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        check_wording(INVOICE, "{{ x }}", "y" * 10_001)
    assert refused.value.fields.keys() == {"subject", "text"}


def test_an_empty_wording_reads_as_it_comes_and_a_subject_is_one_line() -> None:
    assert check_wording(INVOICE, " ", "\r\n") == INVOICE.wording
    assert check_wording(INVOICE, "A\r\nBcc: x", "").subject == "A Bcc: x"


def test_the_html_says_what_the_text_says_and_fetches_nothing() -> None:
    text = 'Dear <b>&"Bo",\n\n        10 pcs    Ring\n\nhttps://x.example/a?b=1&c=2.\x07'
    shown = html_of("S<i>", text, "A & B")
    assert "<p" in shown
    assert "Dear &lt;b&gt;&amp;&quot;Bo&quot;," in shown
    assert '<pre style="' in shown
    assert 'href="https://x.example/a?b=1&amp;c=2"' in shown
    assert "<title>S&lt;i&gt;</title>" in shown
    for fetched in ("<img", "src=", "url(", "<script", "<link", "\x07"):
        assert fetched not in shown
