"""No attempt to reach Livestorm goes unreported, whatever else a command sends."""

import subprocess
import sys

import pytest

from .commands import OURSELVES, REACH, User, ordinary_user, python

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")

ISOLATED = ("--isolate", "always")
SENDS = f"""{REACH}
import contextlib, socket
def send(data, *places, count=1):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        for _ in range(count):
            for place in places:
                with contextlib.suppress(OSError):
                    one.sendto(data, place)
def connect(*place):
    with contextlib.suppress(OSError):
        socket.create_connection(place, 60)
"""
BURST = """
for _ in range(300):
    send(bytes(60_000), ("203.0.113.7", 9), count=3)
"""


def run(program: str, user: User = OURSELVES) -> "subprocess.CompletedProcess[str]":
    """Run a program that has reached the fake already."""
    return user.run(*ISOLATED, "--", user.python, "-c", SENDS + program)


@pytest.mark.parametrize("name", ["ourselves", "ordinary"])
def test_attempt_within_a_burst_is_named(name: str) -> None:
    """What goes to the real hosts has a queue of its own, which nothing else can fill."""
    user = OURSELVES if name == "ourselves" else ordinary_user()
    done = run(f"{BURST}\nconnect('app.livestorm.co', 8443)\n{BURST}", user)
    assert done.returncode == 4
    assert "livestorm.co:8443" in done.stderr


def test_burst_at_resolvers_proves_nothing() -> None:
    """Where a question may have been lost, the run fails and says why."""
    asks = "for _ in range(300):\n    send(bytes(60_000), ('203.0.113.7', 53), count=10)"
    done = run(asks, ordinary_user())
    assert ("too fast" in done.stderr) == (done.returncode == 4)
    assert not done.returncode or "nothing proves" in done.stderr


@pytest.mark.parametrize("port", [443, 4433])
def test_datagram_to_a_real_host_fails(port: int) -> None:
    """As HTTP/3 from a process that makes no request, or to another port."""
    sends = f"socket.socket(2, 2).sendto(bytes(1200), ('app.livestorm.co', {port}))"
    done = OURSELVES.run(*ISOLATED, *python(f"import socket\n{sends}"))
    assert done.returncode == 4
    assert f"livestorm.co:{port}" in done.stderr
    assert "Livestorm itself" in done.stderr


def test_client_of_http3_that_goes_on_by_tcp_fails_nothing() -> None:
    """A note tells of it."""
    done = run("send(bytes(1200), ('app.livestorm.co', 443), count=20)")
    assert done.returncode == 0
    assert "HTTP/3 to app.livestorm.co:443 was refused" in done.stderr
    assert "went elsewhere" not in done.stderr


def test_connection_from_another_own_address_is_named() -> None:
    """The refusal goes to where the client has bound its socket."""
    done = run("""
with contextlib.suppress(OSError):
    socket.create_connection(("app.livestorm.co", 8443), 60, ("192.0.2.1", 0))
""")
    assert done.returncode == 4
