"""G07: clients that ask for gzip and can't read it."""

import zlib
from http.client import HTTPResponse

from livestorm_contract_tests.driving.kinds import Kind

from ..model_client.sending import Sending
from ..model_client.values import Failure
from .shared.fragile import StaysDown
from .table import Bite, Table


class AsksInVain(Sending):
    """Accepts what it does not decode."""

    def decoded(self, response: HTTPResponse, raw: bytes) -> bytes:
        """Leave the body as it is."""
        return raw


class DecodesBlindly(Sending):
    """Expects gzip to be gzip."""

    def decoded(self, response: HTTPResponse, raw: bytes) -> bytes:
        """Let the decoder's error through."""
        is_gzip = response.headers.get("content-encoding") == "gzip"
        return zlib.decompress(raw, wbits=31) if is_gzip else raw


class RefusesGzip(Sending):
    """Accepts what it then refuses."""

    def decoded(self, response: HTTPResponse, raw: bytes) -> bytes:
        """Decode nothing."""
        if response.headers.get("content-encoding") == "gzip":
            raise Failure(Kind.PROTOCOL_ERROR, "gzip", status=response.status)
        return raw


TABLE = Table(
    [
        Bite(AsksInVain, {"decodes", "kind"}),
        Bite(DecodesBlindly, {"kind"}),
        Bite(StaysDown, {"recovers"}),
        Bite(RefusesGzip, {"decodes"}),
    ],
)
