"""Redis servers for tests: Debian's, or one within this process where there is none."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import fakeredis
import pytest
import redis
from livestorm_mock_server.store.redis.script import Argument, Script

HAS_SERVER = shutil.which("redis-server") is not None


def need_server() -> None:
    """Skip the test where there is no server, or fail in CI: there everything has to be tried."""
    if HAS_SERVER:
        return
    if os.environ.get("CI"):
        pytest.fail("redis-server is not installed")
    pytest.skip("redis-server is not installed")


class BlockingServer:
    """A server that is asked without an event loop: whoever asks waits, as for `MemoryStore`."""

    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run the script."""
        try:
            return self.client.evalsha(script.digest, len(keys), *keys, *arguments)
        except redis.exceptions.NoScriptError:
            return self.client.eval(script.text, len(keys), *keys, *arguments)


_COUNTING = """
local counted, given = 0, redis
local redis = {call = function(...)
  local answer = given.call(...)
  counted = counted + 1 + (type(answer) == 'table' and #answer or 0)
  return answer
end}
local function all()
%s
end
local answer = all()
return {counted, answer}
"""


class CountingServer(BlockingServer):
    """One that counts what the script does."""

    runs = 0
    cost = 0
    """The commands of the last run, and what they gave."""

    async def run(self, script: Script, keys: Sequence[str], arguments: Sequence[Argument]) -> Any:
        """Run the script."""
        told = self.client.eval(_COUNTING % script.text, len(keys), *keys, *arguments)
        self.runs += 1
        self.cost, answer = told if len(told) == 2 else (*told, None)
        return answer


@contextmanager
def redis_process(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start a server at a socket in a folder, which keeps nothing; give its process and socket."""
    path = str(folder / "redis.sock")
    options = ["--port", "0", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    command = ["redis-server", *options, "--unixsocket", path, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                if b"ready to accept" in line or b"server is now ready" in line:
                    break
            yield process, path
        finally:
            process.kill()


@contextmanager
def blocking_server(folder: Path) -> Iterator[BlockingServer]:
    """Start a server, or the substitute, and give it."""
    if not HAS_SERVER:
        with fakeredis.FakeRedis() as client:
            yield BlockingServer(client)
        return
    with redis_process(folder) as (_, socket), redis.Redis(unix_socket_path=socket) as client:
        yield BlockingServer(client)


@contextmanager
def redis_cluster(folder: Path, *, nodes: int = 3) -> Iterator[list[int]]:
    """Start a cluster without replicas on this machine; give the ports of its nodes."""
    with ExitStack() as stack:
        ports: list[int] = []
        for number in range(nodes):
            ports.append(free_port(ports))
            own = folder / str(number)
            own.mkdir()
            options = ["--port", str(ports[-1]), "--cluster-enabled", "yes"]
            stack.enter_context(redis_process(own, *options, "--bind", "127.0.0.1"))
        clients = [stack.enter_context(redis.Redis(port=port)) for port in ports]
        for number, client in enumerate(clients):
            first, last = (16_384 * one // nodes for one in (number, number + 1))
            _ask(client, "CLUSTER", "ADDSLOTSRANGE", first, last - 1)
            _ask(client, "CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        for port in ports[1:]:
            _ask(clients[0], "CLUSTER", "MEET", "127.0.0.1", port)
        while not all(_is_whole(client, nodes) for client in clients):
            pass
        yield ports


def _is_whole(client: redis.Redis, nodes: int) -> bool:
    told = _ask(client, "CLUSTER", "INFO")
    return b"cluster_state:ok" in told and b"cluster_known_nodes:%d" % nodes in told


def _ask(client: redis.Redis, *command: str | int) -> Any:
    return client.execute_command(*command)  # type: ignore[no-untyped-call]


def free_port(taken: Sequence[int]) -> int:
    """Give a port that is free with the one of the cluster's bus, 10,000 above it."""
    for port in range(20_000 + os.getpid() % 20_000, 50_000):
        with socket.socket() as one, socket.socket() as other:
            try:
                one.bind(("127.0.0.1", port))
                other.bind(("127.0.0.1", port + 10_000))
            except OSError:
                continue
        if port not in taken:
            return port
    raise OSError("there are no ports for a cluster")
