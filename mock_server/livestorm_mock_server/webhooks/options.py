"""The provider options for webhooks: open questions about Livestorm, all of them."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from ..header_fields import FieldName, OneLine
from ..reading import InvalidInputError

Retries = Annotated[
    tuple[Annotated[int, msgspec.Meta(ge=0, le=10_000_000)], ...], msgspec.Meta(max_length=50)
]
_OF_HTTP = ("connection", "content-length", "host", "transfer-encoding")


class WebhookOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How webhooks are sent, and what becomes of those that fail."""

    webhook_content_type: Literal[
        "application/json",
        "application/json; charset=utf-8",
        "application/vnd.api+json",
        "application/vnd.api+json; charset=utf-8",
    ] = "application/json"
    """Content type of what is delivered."""
    webhook_headers: Mapping[FieldName, OneLine] = {}
    """Further headers of each delivery; each takes the place of one of its name."""
    webhook_signature: Literal["none", "hex", "base64", "timestamped"] = "none"
    """Whether a delivery is signed: the HMAC-SHA256 of its body under `webhook_secret`, or
    `t=SECONDS,v1=HEX` with the HMAC of `SECONDS.BODY`, the virtual time of the attempt."""
    webhook_signature_header: FieldName = "X-Webhook-Signature"
    """The header that has it."""
    webhook_secret: Annotated[str, msgspec.Meta(min_length=1)] = "example-webhook-secret"
    """What both sides sign with."""
    webhook_timeout: Annotated[float, msgspec.Meta(gt=0, le=60)] = 5.0
    """Seconds of real time that an attempt may take."""
    webhook_accepted: Literal["2xx", "2xx_and_3xx", "any_answer"] = "2xx"
    """Which answers count as delivered; redirects are followed by none of them."""
    webhook_retries: Retries = ()
    """Seconds of virtual time from each attempt that failed to the next; none is none."""

    webhook_given_up: Literal["kept", "deleted"] = "kept"
    """What becomes of a registered webhook when its last attempt has failed."""

    webhook_attendance: Literal["when_set", "session_end"] = "when_set"
    """When it is told whether people attended: when their `attended` is set, or for all people of a
    session at its end, one without `attended` counting as absent."""

    def is_accepted(self, status: int) -> bool:
        """Tell whether a status of the receiver's means that it has the webhook."""
        first = {"2xx": (2,), "2xx_and_3xx": (2, 3)}.get(self.webhook_accepted)
        return first is None or status // 100 in first

    def check_webhooks(self, where: str) -> None:
        """Check what types alone don't tell. Raises InvalidInputError."""
        named = {f"webhook_headers.{name}": name for name in self.webhook_headers}
        for key, name in {
            **named,
            "webhook_signature_header": self.webhook_signature_header,
        }.items():
            if name.lower() in _OF_HTTP:
                expected = "no header that HTTP itself needs"
                raise InvalidInputError(f"{where}{key}", name, expected)
