"""Links and commands that lead on, as a person copies them."""

import re
import shlex
from collections.abc import Sequence
from urllib.parse import quote, urlencode

from ..doorkeeper.authorize import PATH

_PLAIN_TEXT = "/:"
_AS_IT_IS = re.compile(r"[\w.\-~:/]+", re.ASCII)
"""What a form need not encode."""

_STATE = "9mYw0bTg6rJH4QeVn2LxkA"
"""As a client draws one; of a word, the audit would say that it can be guessed."""


class Variable(str):
    """The name of a variable of the shell, in the place of a value that only its user knows."""

    __slots__ = ()


def authorize_url(app_url: str, client_id: str, redirect_uri: str) -> str:
    """Give the URL that a client sends the browser to."""
    asked = {
        "response_type": "code",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": _STATE,
    }
    query = urlencode(asked, safe=_PLAIN_TEXT, quote_via=quote, errors="replace")
    return f"{app_url}{PATH}?{query}"


def room_url(control_url: str, token: str | None) -> str:
    """Give the control room; the token is in the fragment, which no browser sends to anybody."""
    return f"{control_url}/" if token is None else f"{control_url}/#token={quote(token, safe='')}"


def curl(url: str, fields: Sequence[tuple[str, str]]) -> str:
    """Give the command that posts a form, a line for each field."""
    sent = [_sent(name, value) for name, value in fields]
    return " \\\n  ".join([f"curl -i {shlex.quote(url)}", *sent])


def _sent(name: str, value: str) -> str:
    if isinstance(value, Variable):
        return f'--data-urlencode "{name}=${value}"'
    how = "-d" if _AS_IT_IS.fullmatch(value) else "--data-urlencode"
    return f"{how} {shlex.quote(f'{name}={value}')}"
