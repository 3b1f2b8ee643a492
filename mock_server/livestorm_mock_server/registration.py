"""How a client is registered, where whoever starts the fake says so, whatever the scenario says."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Self

import msgspec

from .options import ProviderOptions
from .reading import InvalidInputError, read_struct
from .scenario import ApplicationEntry, Name, check_redirect_uris


class Registration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What takes the place of the scenario's own; None where that stays.

    It is the first confidential application that has it, or without one the first.
    """

    redirect_uris: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1)] | None = None
    """All its redirect URIs; those of the scenario are registered no more."""
    client_id: Name | None = None
    client_secret: Name | None = None
    any_redirect_uri: bool | None = None
    """The provider option of this name."""

    def over(self, other: Self) -> Self:
        """Give this one, with what the other has where it says nothing."""
        return msgspec.structs.replace(other, **self._given())

    def applied_to(self, applications: Sequence[ApplicationEntry]) -> Sequence[ApplicationEntry]:
        """Give the applications with what is said here.

        Raises InvalidInputError for a client id that another one has.
        """
        given = {name: value for name, value in self._given().items() if name in _OF_APPLICATION}
        if not given:
            return applications
        at = next((i for i, one in enumerate(applications) if one.confidential), 0)
        changed = msgspec.structs.replace(applications[at], **given)
        others = [*applications[:at], *applications[at + 1 :]]
        if self.client_id in {one.client_id for one in others} - {None}:
            expected = "one that no other application of the scenario has"
            raise InvalidInputError("client_id", self.client_id, expected)
        return [*applications[:at], changed, *applications[at + 1 :]]

    def applied_to_options(self, options: ProviderOptions) -> ProviderOptions:
        """Give the provider's options with what is said here."""
        if self.any_redirect_uri is None:
            return options
        return msgspec.structs.replace(options, any_redirect_uri=self.any_redirect_uri)

    def _given(self) -> dict[str, object]:
        fields = {name: getattr(self, name) for name in self.__struct_fields__}
        return {name: value for name, value in fields.items() if value is not None}


BY_SCENARIO = Registration()
"""Nothing is said: all is as the scenario says."""

_OF_APPLICATION = ("redirect_uris", "client_id", "client_secret")


def read_registration(given: Mapping[str, object]) -> Registration:
    """Read what is given of a registration, None for what is not. Raises InvalidInputError."""
    read = read_struct({k: v for k, v in given.items() if v is not None}, Registration)
    check_redirect_uris("redirect_uris", read.redirect_uris or ())
    return read
