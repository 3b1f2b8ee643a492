"""What a page of the fake's own has to know beside the provider."""

import msgspec


class Surroundings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the one who asks finds what else there is."""

    app_url: str
    """The sandbox, as the one who asks addressed it."""
    has_control: bool
    """Whether there is a control API."""
    may_control: bool
    """Whether the one who asks may use it without a token, and so may know secrets."""
