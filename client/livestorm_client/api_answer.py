"""The API's answers."""

import re
from collections.abc import Iterable

from .answer import Answer, read_detail, read_object
from .errors import ConfigurationError, LivestormError, ProtocolError, ReauthorizationRequired
from .refusals import read_code

# A fresh access token that is refused asks for a human: the grant is gone at the API, or, as one
# page of Livestorm's documentation has it, a scope is missing. 402 is a used up allowance.
ERRORS_BY_STATUS: dict[int, type[LivestormError]] = {
    401: ReauthorizationRequired,
    402: ConfigurationError,
    403: ConfigurationError,
}


def read_document(
    answer: Answer, secrets: Iterable[str | None], *, may_be_empty: bool = False
) -> dict[str, object]:
    """Read the JSON:API document of a 2xx, {} for a body that may be empty and is.

    Raises ReauthorizationRequired on 401, ConfigurationError on 402 and 403, ProtocolError on
    any other status and on a body that is no document with `data` (JSON:API, section 7.1).
    """
    document = read_object(answer)
    if not answer.succeeded:
        raise read_failure(answer, document, tuple(secrets))
    if not answer.body and (may_be_empty or answer.status == 204):
        return {}
    if document is None or "data" not in document or "errors" in document:
        raise ProtocolError("the API answered no JSON:API document", status=answer.status)
    return document


def read_failure(
    answer: Answer, document: dict[str, object] | None, secrets: tuple[str | None, ...]
) -> LivestormError:
    """Read an error answer: JSON:API error objects and the challenge of RFC 6750, section 3."""
    error = ERRORS_BY_STATUS.get(answer.status, ProtocolError)
    challenge = re.search(r'error="([^"]*)"', answer.headers.get("www-authenticate", ""))
    code = read_code(challenge[1], secrets) if challenge else None
    message = f"the API answered {answer.status}{read_detail(document, secrets)}"
    return error(message, status=answer.status, code=code)


def read_data(document: dict[str, object]) -> dict[str, object]:
    """Give the `data` object of a JSON:API document; ProtocolError when it has none."""
    data = document.get("data")
    if not isinstance(data, dict):
        raise ProtocolError("the API answered a document without a data object")
    return data
