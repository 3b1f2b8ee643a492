"""What a case needs of a client, and whether the client has it."""

import re
from collections.abc import Sequence

from ..driving.messages import Features, Ready

OPERATIONS = ("begin", "callback", "call", "refresh", "seed", "state", "restart", "list", "cancel")
"""What stands in `ops`; two of the names are those of features, too."""

NAMED_BY_FEATURES = {"clock": "clock", "list": "pagination"}
"""Operations that a client offers by a feature, too."""

_AT_LEAST = re.compile(r"(?P<name>\w+)>=(?P<least>\d+)")
_EQUALS = re.compile(r"(?P<name>\w+)=(?P<values>[\w|]+)")


def missing(needs: Sequence[str], ready: Ready) -> list[str]:
    """Give the needs that a client does not meet, in words."""
    return [
        f"feature {need}" if is_feature(need) else f"op {need}"
        for need in needs
        if not _has(need, ready)
    ]


def offers(op: str, ready: Ready) -> bool:
    """Tell whether a client has an operation."""
    feature = NAMED_BY_FEATURES.get(op)
    return op in ready.ops or (feature is not None and getattr(ready.features, feature))


def is_feature(need: str) -> bool:
    """Tell whether a need is a feature, rather than an operation."""
    return re.split(r"[>=]", need)[0] in Features.__struct_fields__ and need not in OPERATIONS


def _has(need: str, ready: Ready) -> bool:
    features = ready.features
    if found := _AT_LEAST.fullmatch(need):
        return int(getattr(features, found["name"])) >= int(found["least"])
    if found := _EQUALS.fullmatch(need):
        return getattr(features, found["name"]) in found["values"].split("|")
    if is_feature(need):
        return bool(getattr(features, need))
    return offers(need, ready)
