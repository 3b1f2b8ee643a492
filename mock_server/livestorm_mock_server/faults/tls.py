"""`tls`: the handshake goes wrong, before there is a request (RFC 9110, section 4.3.4)."""

from typing import ClassVar, Literal

from ..exchange import Exchange
from ..reading import InvalidInputError
from .fault import CONNECTION, Fault, When


class TLSFault(Fault, frozen=True, kw_only=True, tag="tls"):
    """Show a certificate that a client has to refuse, or reset the handshake.

    `times`, `after` and `every` count handshakes. It strikes where a door with TLS leads to the
    sandbox: the default one of `serve --tls` and `MockLivestorm(tls=True)`, or one that has a door
    of its own. The [audit](audit.md) finds clients that go on.
    """

    places: ClassVar[tuple[str, ...]] = (CONNECTION,)

    variant: Literal["unknown_ca", "expired", "wrong_name", "reset"]
    """What is wrong with the certificate: another authority's, over since an hour, or for
    `other.livestorm.co`; `reset` is an RST in its place."""
    server_name: str | None = None
    """The name that the client asks for (SNI), such as `api.livestorm.co`; absent, any or none."""
    phase: Literal["before"] = "before"

    def check(self, where: str) -> None:
        """Check that nothing is asked of a request, which is still to come."""
        if self.when != When():
            told = "server_name, or no condition: a handshake comes before the request"
            raise InvalidInputError(f"{where}when", self.as_json()["when"], told)

    def meets(self, exchange: Exchange) -> bool:
        """Tell whether a handshake asks for the name that is meant."""
        return self.server_name is None or self.server_name.lower() == exchange.server_name
