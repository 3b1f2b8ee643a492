"""What is refused at a collection: the status, and a JSON:API error that says what is wrong."""

from ... import grounds
from ...exchange import Exchange
from ...grounds import Ground
from ...rails.response import Response
from ..errors import error_object, render_error

_TITLES = {
    400: ("Bad request", "bad_request"),
    402: ("Payment required", "payment_required"),
    404: ("Not found", "not_found"),
    409: ("Conflict", "conflict"),
    422: ("Unprocessable entity", "unprocessable_entity"),
}


_LONGEST = 300
"""Characters of what is told, which repeats what was sent."""


class Refused(Exception):
    """A request that a collection does not carry out."""

    def __init__(self, status: int, ground: Ground, detail: str) -> None:
        self.status, self.ground = status, ground
        self.detail = detail if len(detail) <= _LONGEST else f"{detail[:_LONGEST]}..."
        super().__init__(self.detail)


def malformed(detail: str) -> Refused:
    """Refuse a query or a document that is not as it should be."""
    return Refused(400, grounds.DOCUMENT_MALFORMED, detail)


def unknown(type_name: str, item_id: str) -> Refused:
    """Refuse an id that no item has."""
    detail = f"There is no item of the type {type_name} with the id {item_id}"
    return Refused(404, grounds.ITEM_UNKNOWN, detail)


def conflicting(detail: str) -> Refused:
    """Refuse what contradicts the path, or what is there already."""
    return Refused(409, grounds.ITEM_CONFLICT, detail)


def invalid(attribute: str, told: str) -> Refused:
    """Refuse the value of an attribute."""
    return unprocessable(f"{attribute} {told}")


def unprocessable(detail: str) -> Refused:
    """Refuse what is well-formed, and can't be."""
    return Refused(422, grounds.ATTRIBUTE_INVALID, detail)


def render_refusal(exchange: Exchange, refused: Refused) -> Response:
    """Answer with the error, and note for the journal why."""
    exchange.note_refusal(refused.ground, refused.detail)
    title, word = _TITLES[refused.status]
    error = error_object(title=title, detail=refused.detail, code=str(refused.status), status=word)
    return render_error(exchange, refused.status, error)
