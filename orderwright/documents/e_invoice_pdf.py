"""Factur-X: a PDF that carries its own invoice as XML. Needs the extra `orderwright[e-invoice]`."""

from typing import Any

from orderwright.documents.e_invoice import CREDIT_NOTE, Sale
from orderwright.kernel.errors import Conflict


def with_xml(pdf: bytes, xml: bytes, sale: Sale) -> bytes:
    """The document as PDF/A-3 with the XML attached, profile EN 16931 of Factur-X.

    The library's own checks stay off: one asks a server on the network, and our tests hold the
    builders to the same rules. Raises Conflict `extra_missing` without the extra.
    """
    embed = _library()
    kind = "Credit memo" if sale.code == CREDIT_NOTE else "Invoice"
    title = f"{kind} {sale.number}"
    made: bytes = embed(
        pdf,
        xml,
        flavor="factur-x",
        level="en16931",
        check_xsd=False,
        check_schematron=False,
        lang="en",
        pdf_metadata={
            "author": sale.seller.name,
            "keywords": "Factur-X, Invoice",
            "title": f"{sale.seller.name}: {title}",
            "subject": f"{title}, {sale.issued_on.isoformat()}",
        },
        afrelationship="alternative",
    )
    return made


def _library() -> Any:
    """What embeds the XML; it is loaded when the first e-invoice is asked for."""
    try:
        from facturx import generate_from_binary  # type: ignore[import-untyped]  # noqa: PLC0415
    except ImportError as error:
        message = (
            "Factur-X needs an extra that is not installed here. Whoever runs the server installs "
            "it with: pip install orderwright[e-invoice]. UBL works without it."
        )
        details = {"extra": "orderwright[e-invoice]"}
        raise Conflict("extra_missing", message, details=details) from error
    return generate_from_binary
