"""An adapter of requests that brings requests for Livestorm's hosts to a sandbox, over TLS."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from ..real_hosts import SERVES, is_livestorms
from .connect_shim import PORTS

_DEFAULT_PORTS = {"http": 80, "https": 443}
_Timeout = float | tuple[float, float] | tuple[float, None] | None


class _Led(HTTPAdapter):
    """Connects to an address, and asks there for a host by its name."""

    def __init__(self, name: str) -> None:
        self._name = name
        super().__init__()

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **options: Any
    ) -> None:
        """Have the certificate held against the name."""
        names = {"server_hostname": self._name, "assert_hostname": self._name}
        super().init_poolmanager(connections, maxsize, block, **options, **names)


class Adapter(HTTPAdapter):
    """For `session.mount("https://", ...)`, and `"http://"` where that is asked for."""

    def __init__(self, address: tuple[str, int], ca_file: str, others: HTTPAdapter | None) -> None:
        super().__init__()
        self._address, self._ca_file = address, ca_file
        self._others = others or HTTPAdapter()
        self._led: Mapping[tuple[str, str], HTTPAdapter] = {
            **{("https", name): _Led(name) for name in SERVES},
            **{("http", name): HTTPAdapter() for name in SERVES},
        }

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: _Timeout = None,
        verify: bool | str = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request, and give its response.

        Raises requests.ConnectionError for other names below livestorm.co, and for other ports.
        """
        url = request.url or ""
        parts = urlsplit(url)
        name = (parts.hostname or "").removesuffix(".")
        if not is_livestorms(name):
            return self._others.send(request, stream, timeout, verify, cert, proxies)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        led = self._led.get((parts.scheme, name))
        if led is None or port not in PORTS:
            told = f"{name}:{port} is not faked, and nothing may reach it"
            raise requests.ConnectionError(told, request=request)
        sent = request.copy()
        sent.headers.setdefault("Host", parts.netloc.rpartition("@")[2])
        sent.url = parts._replace(netloc="{}:{}".format(*self._address)).geturl()
        trusted = self._ca_file if verify else False
        response = led.send(sent, stream, timeout, trusted, cert)
        response.url, response.request = url, request
        return response

    def close(self) -> None:
        """Close all connections, and the adapter for other hosts."""
        super().close()
        for one in (self._others, *self._led.values()):
            one.close()
