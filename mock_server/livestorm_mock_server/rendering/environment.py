"""Templates of a package, above those that all pages share."""

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from ..printable import printable

if TYPE_CHECKING:
    from jinja2 import Environment

MARK = "data-livestorm-mock"
"""The attribute of what is the fake's own on a page of the provider."""


@cache
def environment(package: str) -> "Environment":
    """Give the templates of a package; jinja2 is loaded with the first page."""
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    loader = ChoiceLoader([PackageLoader(package), PackageLoader(__package__)])
    made = Environment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    source, *_ = loader.get_source(made, "page.css")
    style = "\n".join(line.strip() for line in source.splitlines())
    made.globals |= {"style": Markup(style), "mark": MARK}  # noqa: S704 - a file of this package
    # No element keeps what turns the direction within it: an isolate in a text takes its end.
    made.filters |= {"source": _source_of, "initials": initials_of, "printable": printable}
    return made


def initials_of(name: str) -> str:
    """Give what stands in the place of a logo: the initials of the first two words."""
    letters = (next((one for one in word if one.isalnum()), "") for word in name.split())
    return "".join([one for one in letters if one][:2]).upper()[:2] or "?"


def _source_of(text: str) -> str:
    """Give the source of a policy that lets a style or a script be which is just this text.

    https://www.w3.org/TR/CSP3/#grammardef-hash-source
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
