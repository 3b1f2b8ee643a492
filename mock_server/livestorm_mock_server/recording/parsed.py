"""What a body of a recording has as JSON."""

import json


def read_json(body: bytes) -> object:
    """Give what a body has as JSON, None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def member(value: object, *names: str) -> object:
    """Give what stands under names in one another, None where nothing does."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value
