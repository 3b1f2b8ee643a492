"""The request bodies of the control API."""

from collections.abc import Mapping
from typing import Annotated, TypeVar

import msgspec
from starlette.requests import Request

from ..clock import END
from ..doorkeeper.pre_authorization import PARAMETERS
from ..options import Seconds
from ..reading import InvalidInputError, read_struct
from ..registration import Registration, read_registration

T = TypeVar("T", bound=msgspec.Struct)


class ClockBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST clock`: seconds to advance by, a Unix time to set, freeze or resume."""

    advance: float | None = None
    set: Annotated[float, msgspec.Meta(ge=0, le=END)] | None = None
    freeze: bool = False
    resume: bool = False


class AuthorizeBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST authorize`: a client's authorization URL, which is opened as it is, or parameters.

    Beside a URL they replace its own; without one, what is left out has a default. `decision` is
    `approve` or `deny`, `user` the e-mail address of who decides.
    """

    url: str | msgspec.UnsetType | None = msgspec.UNSET
    """What a client made; null is what one gave that made none."""
    decision: str = "approve"
    user: str | None = None
    client_id: str | None = None
    redirect_uri: str | None = None
    response_type: str | None = None
    response_mode: str | None = None
    scope: str | None = None
    state: str | None = None
    code_challenge: str | None = None
    code_challenge_method: str | None = None

    def parameters(self) -> dict[str, str]:
        """Give the parameters of the authorization request that are there."""
        given = {name: getattr(self, name) for name in PARAMETERS}
        return {name: value for name, value in given.items() if value is not None}


class TokensBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST tokens`: whose pair to issue; `expires_in` in seconds."""

    client_id: str | None = None
    user: str | None = None
    scope: str | None = None
    expires_in: Seconds | None = None


class TokenBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST tokens/expire` and `tokens/revoke`: an access or refresh token."""

    token: str


Related = Mapping[str, str | tuple[str, ...] | None]


class ItemBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST collections/{type}`: an item; its id is drawn where none is given."""

    id: Annotated[str, msgspec.Meta(min_length=1)] | None = None
    attributes: Mapping[str, object] = msgspec.field(default_factory=dict)
    relationships: Related = msgspec.field(default_factory=dict)
    """By name, the id of an item, a list of ids, or null."""


class ChangeBody(msgspec.Struct, forbid_unknown_fields=True):
    """`PATCH collections/{type}/{id}`: what is to change."""

    attributes: Mapping[str, object] = msgspec.field(default_factory=dict)
    relationships: Related = msgspec.field(default_factory=dict)
    """By name, the id of an item, a list of ids, or null."""


class ScenarioBody(msgspec.Struct, forbid_unknown_fields=True):
    """`PUT scenario`: the name of a scenario, or a scenario itself; without either, the one that
    there is.
    """

    scenario: str | None = None
    toml: str | None = None
    release: str | None = None
    provider: Mapping[str, object] = msgspec.field(default_factory=dict)
    """Provider options that replace the scenario's."""

    def options(self) -> dict[str, object]:
        """Give the provider options that the body asks for. Raises InvalidInputError."""
        return _options({"release": self.release}, self.provider)


class SandboxBody(msgspec.Struct, forbid_unknown_fields=True):
    """`POST sandboxes`: what the sandbox starts from; the server's own scenario by default."""

    scenario: str | None = None
    release: str | None = None
    auto_approve: bool = False
    seed: int | str | None = None
    journal_capacity: int | None = None
    """How many exchanges the journal keeps."""
    journal_bytes: int | None = None
    """How many bytes of requests and answers it keeps."""
    redirect_uris: tuple[str, ...] | None = None
    """The redirect URIs of its client; this and what follows is as of the server by default."""
    client_id: str | None = None
    client_secret: str | None = None
    any_redirect_uri: bool | None = None
    """Whether redirect URIs are taken that are not registered."""
    provider: Mapping[str, object] = msgspec.field(default_factory=dict)
    """Provider options that replace the scenario's."""

    def registration(self) -> Registration:
        """Give what the body says of the client's registration. Raises InvalidInputError."""
        fields = Registration.__struct_fields__
        return read_registration({name: getattr(self, name) for name in fields})

    def options(self) -> dict[str, object]:
        """Give the provider options that the body asks for. Raises InvalidInputError."""
        consent = "approve" if self.auto_approve else None
        return _options({"release": self.release, "consent": consent}, self.provider)


def _options(short: Mapping[str, str | None], provider: Mapping[str, object]) -> dict[str, object]:
    asked = {name: value for name, value in short.items() if value is not None}
    for name in asked.keys() & provider.keys():
        told = "nothing beside what the body itself says of it"
        raise InvalidInputError(f"provider.{name}", provider[name], told)
    return {**provider, **asked}


async def read_body(request: Request, body: type[T]) -> T:
    """Read a JSON body; an empty one is `{}`. Raises InvalidInputError."""
    return read_struct(await read_object(request), body)


async def read_object(request: Request) -> dict[str, object]:
    """Read a JSON object. Raises InvalidInputError."""
    raw = await request.body()
    try:
        value = msgspec.json.decode(raw or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        shown = raw[:80].decode("utf-8", "replace")
        raise InvalidInputError("the body", shown, f"JSON ({error})") from None
    if not isinstance(value, dict):
        raise InvalidInputError("the body", value, "a JSON object")
    return value
