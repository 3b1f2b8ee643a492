"""G07: clients that ask for gzip and can't read it."""

import zlib

import httpx

from .conftest import Put, failed
from .fragile_clients import StaysDown
from .model_client import ModelClient


class AsksInVain(ModelClient):
    """Accepts what it does not decode."""

    def decoded(self, response: httpx.Response, raw: bytes) -> bytes:
        """Leave the body as it is."""
        return raw


class DecodesBlindly(ModelClient):
    """Expects gzip to be gzip."""

    def decoded(self, response: httpx.Response, raw: bytes) -> bytes:
        """Let the decoder's error through."""
        is_gzip = response.headers.get("content-encoding") == "gzip"
        return zlib.decompress(raw, wbits=31) if is_gzip else raw


def test_body_that_is_not_decoded_is_found(put: Put) -> None:
    """The call must succeed."""
    assert failed(put("G07", AsksInVain)) == {"decodes", "kind"}


def test_error_of_the_decoder_is_found(put: Put) -> None:
    """An exception that nobody is told of is a bug."""
    assert failed(put("G07", DecodesBlindly)) == {"kind"}


def test_lasting_failure_is_found(put: Put) -> None:
    """The next call must succeed."""
    assert failed(put("G07", StaysDown)) == {"recovers"}
