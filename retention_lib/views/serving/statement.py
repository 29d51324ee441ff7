"""The accessibility statement: what the tests show, and whom to tell of what they do not."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass

from retention_lib.version import VERSION
from retention_lib.views.serving.pages import PageHandler

TITLE = "Accessibility statement"

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PAGE = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Operator:
    """Who runs the workbooks, as they say it themselves.

    Attributes:
        name: the council or other body; empty where it has not been said.
        contact: an e-mail address, the address of a page, or words such as a telephone number.
    """

    name: str = ""
    contact: str = ""

    @classmethod
    def named_in(cls, environment: Mapping[str, str]) -> Operator:
        """Read who runs the workbooks from RETENTION_RUN_BY and RETENTION_CONTACT.

        Example:
            >>> Operator.named_in({"RETENTION_RUN_BY": "Anywhere Council"}).name
            'Anywhere Council'
        """
        said = (environment.get(f"RETENTION_{name}", "").strip() for name in ("RUN_BY", "CONTACT"))
        return cls(*said)

    @property
    def link(self) -> str:
        """The address that the contact leads to; empty where it is words.

        Example:
            >>> Operator("Anywhere", "web@anywhere.gov.uk").link
            'mailto:web@anywhere.gov.uk'
            >>> Operator("Anywhere", "01234 567890").link
            ''
        """
        if _ADDRESS.fullmatch(self.contact):
            return f"mailto:{self.contact}"
        return self.contact if _PAGE.fullmatch(self.contact) else ""


class StatementHandler(PageHandler):
    """How accessible the pages are."""

    def get(self) -> None:
        """Send the statement."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.write(self.site.top(TITLE, None))
        operator = Operator.named_in(os.environ)
        self.write(self.site.part("accessibility.html", operator=operator, version=VERSION))
        self.finish(self.site.bottom())
