"""The body of an answer, as the fake takes it."""

from base64 import b64encode


def body_keys(body: bytes) -> dict[str, str]:
    """Give the key of the fault `answer` for a body: its text, or where it is none, base64."""
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body_base64": b64encode(body).decode()}
