"""How a Redis server is reached: by a socket, by TLS, with a password, in a database of its own."""

import asyncio
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme
from livestorm_mock_server.store.protocol import StoreUnavailableError
from livestorm_mock_server.store.redis.server import RedisServer
from livestorm_mock_server.store.redis.store import RedisStore

from .redis_servers import free_port, need_server, redis_process
from .test_store import CLIENT

PASSWORD = "a secret/with: signs"


async def keep_and_find(url: str) -> bool:
    """Keep an application by one connection; tell whether another finds it."""
    one, other = RedisServer(url, patience=20), RedisServer(url, patience=20)
    try:
        await RedisStore(one, "tests").add_application(CLIENT)
        return await RedisStore(other, "tests").find_application(CLIENT.client_id) == CLIENT
    finally:
        await one.close()
        await other.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for the server; without one the test is left out."""
    need_server()
    return tmp_path


def test_server_is_reached_by_tls(folder: Path) -> None:
    """With `rediss://`, a server is verified by the authority that the URL names."""
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost", "127.0.0.1")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    authority.cert_pem.write_to_path(folder / "ca.pem")
    port = free_port([])
    files = {"cert": "cert", "key": "key", "ca-cert": "ca"}
    named = [
        part
        for name, file in files.items()
        for part in (f"--tls-{name}-file", str(folder / f"{file}.pem"))
    ]
    options = ["--tls-port", str(port), "--tls-auth-clients", "no", "--bind", "127.0.0.1", *named]
    url = f"rediss://127.0.0.1:{port}/0"
    with redis_process(folder, *options):
        assert asyncio.run(keep_and_find(f"{url}?ssl_ca_certs={quote(str(folder / 'ca.pem'))}"))
        with pytest.raises(StoreUnavailableError, match="certificate"):
            asyncio.run(keep_and_find(url))


def test_server_wants_a_password(folder: Path) -> None:
    """The URL has it; without it, or with another, it is told what is lacking."""
    port = free_port([])
    options = ["--port", str(port), "--bind", "127.0.0.1", "--requirepass", PASSWORD]
    with redis_process(folder, *options):
        at = f"127.0.0.1:{port}/3"
        assert asyncio.run(keep_and_find(f"redis://:{quote(PASSWORD, safe='')}@{at}"))
        assert asyncio.run(keep_and_find(f"redis://default:{quote(PASSWORD, safe='')}@{at}"))
        with pytest.raises(StoreUnavailableError, match="NOAUTH"):
            asyncio.run(keep_and_find(f"redis://{at}"))
        with pytest.raises(StoreUnavailableError, match="WRONGPASS"):
            asyncio.run(keep_and_find(f"redis://:wrong@{at}"))
