"""What every page shows around its content: who is signed in, and where they may go."""

from typing import Any

from django.http import HttpRequest


def chrome(request: HttpRequest) -> dict[str, Any]:
    """Context of the base layout."""
    return {"signed_in": getattr(request, "signed_in", None)}
