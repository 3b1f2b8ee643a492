"""The certificates of the fake, made by a process of their own while its modules are loaded.

`cryptography` takes as long to load as everything else together, and is needed for these only.
"""

import os
import pickle
import ssl
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, NoReturn, Self

from msgspec import Struct

if TYPE_CHECKING:
    from ..tls.contexts import Flaw, ServingContext


class Certificates(Struct, frozen=True):
    """What clients have to trust, and what doors show them."""

    ca_pem: str
    context: ssl.SSLContext


class Issuing:
    """A child that issues them from now on; `wait` gives what it has issued."""

    def __init__(self) -> None:
        read, write = os.pipe()
        self._process_id = os.fork()
        if not self._process_id:
            os.close(read)
            _issue(write)
        os.close(write)
        self._issued = open(read, "rb")  # noqa: SIM115  # closed at the end of the context

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._issued.close()
        with suppress(ChildProcessError):  # Where SIGCHLD was ignored at its end.
            os.waitpid(self._process_id, 0)

    def wait(self) -> Certificates:
        """Wait until they are issued. Raises OSError where the child could not do it."""
        import tempfile

        from ..tls.contexts import ServingContext

        data = self._issued.read()
        # Of its own fork: what was issued, or the reason why nothing was.
        # What its own fork has written.
        came = pickle.loads(data) if data else "its process was ended"  # noqa: S301
        if isinstance(came, str):
            raise OSError(f"the certificates could not be issued: {came}")
        ca_pem, ca_key, key_and_chain = came
        with tempfile.NamedTemporaryFile(prefix="livestorm-mock-") as file:
            file.write(key_and_chain)
            file.flush()
            context = ServingContext()
            context.load_cert_chain(file.name)
        context.flawed = cache(partial(_flawed, ca_pem.encode(), ca_key))
        context.keep_fresh(partial(_renew, ca_pem.encode(), ca_key))
        return Certificates(ca_pem, context)


def _issue(write: int) -> NoReturn:
    try:
        with open(write, "wb") as pipe:
            pickle.dump(_issued(), pipe)
    finally:
        os._exit(0)


def _issued() -> tuple[str, bytes, bytes] | str:
    """Give the authority's certificate and key, and what doors show; or why there is none."""
    try:
        from ..tls.authority import NAMES, Authority, real_time

        authority = Authority.create(now=real_time())
        chain = authority.issue(*NAMES).private_key_and_cert_chain_pem.bytes()
    except Exception as error:
        return str(error) or repr(error)
    return authority.pem, authority.key, chain


def _renew(ca_pem: bytes, ca_key: bytes, context: "ServingContext") -> None:
    """Have doors show another certificate."""
    from ..tls.authority import Authority, real_time

    Authority(ca_pem, ca_key, now=real_time()).issue_into(context)


def _flawed(ca_pem: bytes, ca_key: bytes, flaw: "Flaw") -> ssl.SSLContext:
    """Make what serves a bad certificate, for a fault."""
    from ..tls.authority import NAMES, Authority, real_time

    return Authority(ca_pem, ca_key, now=real_time()).flawed_context(flaw, *NAMES)
