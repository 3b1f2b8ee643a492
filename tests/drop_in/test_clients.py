"""Clients with the real hosts in their code, unchanged, reach the fake under `run`."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from livestorm_mock_server import MockLivestorm

from ..contract_tests.programs import need_program
from .client_programs import TABLE, Client
from .commands import LAUNCH, OURSELVES, User, ordinary_user

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="run's ways are Linux's here")

LED = [one for one in TABLE if one.ways]
MISSED = [one for one in TABLE if not one.ways]
OF_ANYBODY = [one for one in TABLE if one.name in {"urllib", "pycurl", "Node's fetch", "curl"}]


def run(
    *arguments: str, user: User = OURSELVES, **variables: str
) -> "subprocess.CompletedProcess[str]":
    """Run `livestorm-mock run` with a user who consents; give what came of it."""
    given = [user.python if one == sys.executable else one for one in arguments]
    return user.run("--auto-approve", *given, variables=variables)


def requests_told(report: str) -> int:
    """Count the requests that a report tells of."""
    return sum(map(int, re.findall(r"(\d+) requests?$", report, re.MULTILINE)))


def assert_asked(done: subprocess.CompletedProcess[str]) -> None:
    """See that a client signed in and asked who it is."""
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"email": "ada.martin@example.test"}
    assert requests_told(done.stderr) == 3


@pytest.mark.parametrize("client", TABLE, ids=str)
def test_client_reaches_the_fake_in_a_namespace(client: Client, built: Path) -> None:
    """In a network of its own, any client goes through authorize, token and `/v1/me`."""
    assert_asked(run("--isolate", "always", "--", *client.start(built)))


@pytest.mark.parametrize("client", OF_ANYBODY, ids=str)
def test_client_of_an_ordinary_user_reaches_the_fake(client: Client, built: Path) -> None:
    """A namespace needs no root."""
    command = client.start(built)
    assert_asked(run("--isolate", "always", "--", *command, user=ordinary_user()))


@pytest.mark.parametrize("client", LED, ids=str)
def test_client_reaches_the_fake_by_its_environment(client: Client, built: Path) -> None:
    """Where the environment can lead a client, it goes through authorize, token and `/v1/me`."""
    done = run("--isolate", "never", "--", *client.start(built))
    assert_asked(done)
    told = {"shim": "Python shim|Node preload", "proxy": "proxy"}
    assert re.search("|".join(told[way] for way in client.ways), done.stderr)


@pytest.mark.parametrize("client", MISSED, ids=str)
def test_client_that_the_environment_misses_is_named(client: Client, built: Path) -> None:
    """A client that heeds nothing is refused and named, though another one reached the fake."""
    both = " && ".join(shlex.join(one.start(built)) for one in (LED[0], client))
    done = run("--isolate", "never", "--", "sh", "-c", both)
    assert done.returncode == 4, done.stderr
    assert requests_told(done.stderr) == 3
    assert_missed(done.stderr, "app.livestorm.co:443", "python")


def test_ordinary_user_is_guarded_too(built: Path) -> None:
    """A client of an ordinary user is led, and another one missed, as root's are."""
    both = " && ".join(shlex.join(one.start(built)) for one in OF_ANYBODY[:2])
    user = ordinary_user()
    both = both.replace(sys.executable, user.python)
    done = run("--isolate", "never", "--", "sh", "-c", both, user=user)
    assert (done.returncode, requests_told(done.stderr)) == (4, 3), done.stderr
    assert_missed(done.stderr, "app.livestorm.co:443", "python")


@pytest.mark.parametrize(
    ("command", "target"),
    [
        ("curl --noproxy '*' https://api.livestorm.co/v1/me", "api.livestorm.co:443"),
        ("curl https://www.livestorm.co/", "www.livestorm.co:443"),
        ("curl https://app.livestorm.co:8443/", "app.livestorm.co:8443"),
        ("curl --cacert /dev/null https://app.livestorm.co/", "app.livestorm.co:443"),
        ("env -i curl https://app.livestorm.co/", "app.livestorm.co:443"),
    ],
)
def test_connection_that_misses_the_fake_is_refused_and_named(command: str, target: str) -> None:
    """Past the proxy, to another host or port, without trust, without the variables."""
    need_program("curl")
    done = run("--isolate", "never", "--", "sh", "-c", command)
    assert done.returncode == 4
    assert_missed(done.stderr, target, "curl")


def test_proxy_of_the_user_can_not_be_reached() -> None:
    """What would lead past the fake is refused, and told."""
    need_program("curl")
    command = "curl --proxy http://127.0.0.1:9 https://app.livestorm.co/"
    done = run("--isolate", "never", "--", "sh", "-c", command, HTTPS_PROXY="127.0.0.1:9")
    assert done.returncode != 0
    assert "127.0.0.1:9 " in done.stderr.partition("went elsewhere")[2]


@pytest.mark.parametrize("through", ["--noproxy ''", "--noproxy '*'"], ids=["proxy", "itself"])
def test_other_hosts_are_reached(through: str) -> None:
    """What is none of Livestorm's is untouched, by the proxy and past it."""
    need_program("curl")
    with MockLivestorm() as other:
        command = f"curl {through} -sS {other.origin}/v1/ping; curl -sS $LIVESTORM_APP_URL/v1/ping"
        done = run("--isolate", "never", "--", "sh", "-c", command)
        assert len(other.journal.entries(endpoint="api.ping")) == 1
    assert (done.returncode, requests_told(done.stderr)) == (0, 1)
    assert "went elsewhere" not in done.stderr


def test_run_says_where_it_can_prove_nothing() -> None:
    """Where the guard is refused, as within another one, it goes on and says so in one line."""
    inner = [OURSELVES.python, "-c", LAUNCH, "run", "--isolate", "never", "--"]
    asks = ["sh", "-c", "curl -sS $LIVESTORM_APP_URL/v1/ping"]
    need_program("curl")
    done = run("--isolate", "never", "--", *inner, *asks)
    told = [line for line in done.stderr.splitlines() if "nothing proves" in line]
    assert len(told) == 1
    assert "seccomp is refused" in told[0]


def assert_missed(report: str, target: str, name: str) -> None:
    """See that a report names what missed the fake."""
    missed = report.partition("went elsewhere")[2]
    assert re.search(rf" {re.escape(target)} +\d+ {name}\S* .* Livestorm itself$", missed, re.M)
