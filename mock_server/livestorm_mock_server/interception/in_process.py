"""Livestorm's hosts in one process: a way into a sandbox, and trust in who vouches for it."""

import os
import shutil
import socket
import ssl
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from pathlib import Path

import msgspec

from ..listeners import bind
from ..real_hosts import DOMAIN
from ..tls.credentials import Credentials
from .connect_shim import Redirection
from .variables import TABLE, Means, present

_UNPROXIED = ("NO_PROXY", "no_proxy")
"""The variables that say what goes to no proxy: Livestorm's hosts, as one would find the real."""

_TRUSTING = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""The variables by which clients, and programs that this process starts, learn whom to trust."""


_lock = threading.RLock()
_made_once = cache(Credentials)


def credentials() -> Credentials:
    """Give what all doors of this process show, and the file by which clients trust it."""
    with _lock:  # Threads that ask at once would have one each.
        return _made_once()


class WayIn(msgspec.Struct, frozen=True, dict=True):
    """Where a sandbox has both of Livestorm's hosts, over TLS and without."""

    address: tuple[str, int]

    @classmethod
    def listen(cls) -> tuple["WayIn", socket.socket]:
        """Listen at a free port; give the way in, and what a door is made of. Raises OSError."""
        listener = bind("127.0.0.1", 0)
        return cls(listener.getsockname()), listener

    @cached_property
    def trust(self) -> ssl.SSLContext:
        """What a client holds the certificate against: the authority of this process alone."""
        return ssl.create_default_context(cadata=credentials().authority.pem)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Lead what names Livestorm's hosts here, and have it trust the certificate."""
        with _environment(), _fresh_opener(), Redirection(self.address):
            yield


class _Variables:
    """The environment's variables as they were before, and how often they are to be ours."""

    def __init__(self) -> None:
        self.times = 0
        self.before: dict[str, str | None] = {}
        self.ours: dict[str, str] = {}
        self.folder = Path()
        self.owner = 0

    def begin(self) -> None:
        """Name bundles with the authority in the environment, and what goes to no proxy."""
        self.before = {name: os.environ.get(name) for name in (*_TRUSTING, *_UNPROXIED)}
        self.folder = Path(tempfile.mkdtemp(prefix="livestorm-mock-"))
        self.owner = os.getpid()
        means = Means(
            environment=dict(os.environ), folder=self.folder, ca_pem=credentials().authority.pem
        )
        rows = [row for row in TABLE if row.name in _TRUSTING]
        made = {row.name: row.value(means, present(means, row.name)) for row in rows}
        made |= {name: _with_domain(present(means, name)) for name in _UNPROXIED}
        self.ours = {name: value for name, value in made.items() if value is not None}
        os.environ.update(self.ours)

    def end(self) -> None:
        """Put back what was there, but for what somebody else has changed since."""
        for name, value in self.before.items():
            if os.environ.get(name) != self.ours.get(name):
                continue
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        if os.getpid() == self.owner:  # A fork may leave the block before its parent does.
            shutil.rmtree(self.folder, ignore_errors=True)


_variables = _Variables()


@contextmanager
def _environment() -> Iterator[None]:
    """Have clients of this process trust its authority, as long as anybody wants it."""
    with _lock:
        if _variables.times == 0:
            _variables.begin()
        _variables.times += 1
    try:
        yield
    finally:
        with _lock:
            _variables.times -= 1
            if _variables.times == 0:
                _variables.end()


@contextmanager
def _fresh_opener() -> Iterator[None]:
    """Have `urlopen` read anew whom to trust, unless it opens with what others have made.

    Since Python 3.12, what it makes for itself reads that once for the process.
    https://github.com/python/cpython/blob/v3.12.1/Lib/urllib/request.py#L1381
    """
    request = sys.modules.get("urllib.request")
    opener = None if request is None else vars(request)["_opener"]
    if opener is None or {type(one).__module__ for one in opener.handlers} != {"urllib.request"}:
        yield
        return
    vars(request)["_opener"] = None
    try:
        yield
    finally:
        vars(request)["_opener"] = opener


def _with_domain(exceptions: str) -> str:
    """Add Livestorm's domain to what goes to no proxy."""
    return f"{exceptions},{DOMAIN}" if exceptions.strip() else DOMAIN


def _begin_anew_in_fork() -> None:
    """Take a lock of one's own: another thread may have held this one when it forked."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_anew_in_fork)
