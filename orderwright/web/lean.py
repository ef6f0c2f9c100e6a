"""Templates without their indentation: it is for those who read them, and some 7 % of a page."""

import re
from typing import Final

from django.template import Origin
from django_cotton.cotton_loader import Loader as CottonLoader

_INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)


class Loader(CottonLoader):
    """Cotton's loader; values keep their own spaces, as they come later."""

    def get_contents(self, origin: Origin) -> str:
        """The compiled template, each line from its first word on; lines stay lines."""
        return _INDENTATION.sub("", super().get_contents(origin))
