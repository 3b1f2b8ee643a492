"""What `livestorm-mock env` prints, and what shells make of it."""

import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from livestorm_mock_server import MockLivestorm, env_command
from livestorm_mock_server.control_access import ControlAccess
from livestorm_mock_server.listeners import bind
from livestorm_mock_server.shells import SHELLS, written

from ..contract_tests.programs import need_program
from .client_programs import TABLE as CLIENTS

NASTY = {
    "PLAIN": "a-b/c:d",
    "EMPTY": "",
    "SPACES": "  two  words ",
    "QUOTES": """'it's' "so" `x`""",
    "EXPANSIONS": "$HOME ${x} $(y) %PATH% !! *",
    "BACKSLASHES": r"C:\new\'folder\\",
    "CURLY": "\u2018curly\u2019 \u201cquotes\u201d",
}

Env = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def serve() -> Iterator[MockLivestorm]:
    """A fake without TLS."""
    with MockLivestorm() as livestorm:
        yield livestorm


def env(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `livestorm-mock env`."""
    program = Path(sys.executable).with_name("livestorm-mock")
    return subprocess.run(
        [str(program), "env", *arguments], capture_output=True, text=True, timeout=30, check=False
    )


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_shell_reads_back_what_was_quoted(shell: str) -> None:
    """Whatever a value is made of, a POSIX shell has it as it was."""
    script = (written("bash", NASTY, {}) + "\nexec env -0").encode()
    done = subprocess.run([need_program(shell), "-c", script], capture_output=True, check=True)
    variables = dict(one.split("=", 1) for one in done.stdout.decode().split("\0") if one)
    assert {name: variables[name] for name in NASTY} == NASTY


def test_way_back_restores_what_was_there() -> None:
    """The comments are commands: what was set is set again, what was not is unset."""
    script = written("bash", {"OLD": "new", "NEW": "new"}, {"OLD": "it's"})
    back = "\n".join(line.removeprefix("# ") for line in script.splitlines()[4:])
    whole = f"{script}\n{back}\nexec env -0"
    done = subprocess.run([need_program("bash"), "-c", whole], capture_output=True, check=True)
    variables = dict(one.split("=", 1) for one in done.stdout.decode().split("\0") if one)
    assert (variables["OLD"], "NEW" in variables) == ("it's", False)


@pytest.mark.parametrize(
    ("shell", "value", "line"),
    [
        ("fish", r"it's a \ ", r"set -gx X 'it\'s a \\ '"),
        ("pwsh", "it's \u2019", "$env:X = 'it''s \u2019\u2019'"),
        ("dotenv", '$a "b"', "X='$a \"b\"'"),
        ("dotenv", """it's "$x" \\""", 'X="it\'s \\"\\$x\\" \\\\"'),
        ("docker", """ it's "b" """, """X= it's "b" """),
    ],
)
def test_line_is_quoted_by_the_rules_of_its_reader(shell: str, value: str, line: str) -> None:
    """Shells that are not at hand have their rules written down."""
    assert SHELLS[shell]("X", value) == line


def test_docker_takes_one_line_for_a_value() -> None:
    """A value of two lines can't be in such a file."""
    with pytest.raises(ValueError, match="X has more than one line"):
        SHELLS["docker"]("X", "a\nb")


@pytest.mark.parametrize("where", ["--port", "--url"])
def test_env_tells_what_serve_told(serve: MockLivestorm, where: str) -> None:
    """The addresses and credentials are those of the running fake."""
    given = str(serve.port) if where == "--port" else serve.origin
    told = json.loads(env("--shell", "json", where, given).stdout)
    assert told["LIVESTORM_APP_URL"] == serve.app_url
    assert told["LIVESTORM_CLIENT_SECRET"] == serve.client_secret
    assert told["LIVESTORM_REDIRECT_URI"] == serve.redirect_uri


def test_env_names_the_options_that_serve_lacks(serve: MockLivestorm) -> None:
    """Without TLS and a proxy, it says so on standard error, and prints the rest."""
    done = env("--port", str(serve.port))
    assert done.returncode == 0
    assert "`serve` has no --tls" in done.stderr
    assert "`serve` has no --proxy-port" in done.stderr
    assert "SSL_CERT_FILE" not in done.stdout


def test_env_says_where_shims_can_not_lead(tmp_path: Path) -> None:
    """Behind another address there is the proxy alone, and that is told."""
    named = "http://fake.test:8787"
    with MockLivestorm(tls=True, ca_dir=tmp_path / "ca", proxy_port=0, public_url=named) as far:
        done = env("--port", str(far.port))
    assert "the shims of Node and Python lead to 127.0.0.1" in done.stderr
    assert "NODE_OPTIONS" not in done.stdout
    assert "HTTPS_PROXY" in done.stdout


def bundle_for(livestorm: MockLivestorm) -> Path:
    """Give the file of certificates that `env` names."""
    done = env("--shell", "json", "--port", str(livestorm.port))
    assert done.returncode == 0, done.stderr
    return Path(json.loads(done.stdout)["SSL_CERT_FILE"])


def test_files_are_of_this_serve_and_go_with_it() -> None:
    """Without --ca-dir, they are beside its certificate; another serve has its own."""
    with MockLivestorm(tls=True, proxy_port=0) as one:
        first = bundle_for(one)
        content = first.read_bytes()
        with MockLivestorm(tls=True, proxy_port=0) as two:
            second = bundle_for(two)
            assert second.parent != first.parent
        assert not second.exists()
        assert first.read_bytes() == content
        assert first.parent.parent == Path(one.ca_file or "").parent
    assert not first.parent.parent.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_folder_in_which_others_may_write_is_refused() -> None:
    """Somebody else could choose whom the shell's programs trust."""
    with MockLivestorm(tls=True, proxy_port=0) as livestorm:
        Path(livestorm.ca_file or "").parent.chmod(0o777)
        done = env("--port", str(livestorm.port))
    assert (done.returncode, done.stdout) == (3, "false\n")
    assert "others may change what is there" in done.stderr


def test_env_waits_for_a_serve_that_is_starting(monkeypatch: pytest.MonkeyPatch) -> None:
    """It asks again until somebody answers."""
    with closing(bind("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with ExitStack() as started:

        def sleep(_: float) -> None:
            started.enter_context(MockLivestorm(port=port))

        patched = SimpleNamespace(monotonic=time.monotonic, sleep=sleep)
        monkeypatch.setattr(env_command, "time", patched)
        done = CliRunner().invoke(env_command.env, ["--port", str(port), "--wait", "60"])
    assert (done.exit_code, f"http://127.0.0.1:{port}" in done.stdout) == (0, True)


def test_shell_that_evaluates_a_failure_fails() -> None:
    """Else a script would go on without a fake."""
    program = Path(sys.executable).with_name("livestorm-mock")
    script = f'eval "$({shlex.quote(str(program))} env --wait 0 --port 1)" && echo went on'
    done = subprocess.run([need_program("bash"), "-c", script], capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_env_without_a_fake_is_wrong_usage() -> None:
    """Where nobody answers, it says what to start, and what evaluates the output fails."""
    done = env("--port", "1", "--wait", "0")
    assert (done.returncode, done.stdout) == (3, "false\n")
    assert "start `livestorm-mock serve`, or give --url" in done.stderr


def test_env_asks_for_the_control_token() -> None:
    """A control API with a token wants it here, too."""
    access = ControlAccess(token="x" * 32)
    with MockLivestorm(access=access) as livestorm:
        refused = env("--port", str(livestorm.port))
        granted = env("--port", str(livestorm.port), "--control-token", "x" * 32)
    assert (refused.returncode, granted.returncode) == (3, 0)
    assert "--control-token" in refused.stderr


def test_env_takes_one_address() -> None:
    """--url and --port together are a mistake."""
    assert env("--url", "http://127.0.0.1:1", "--port", "1").returncode == 3


@pytest.mark.parametrize(
    "name", ["curl", "Node's fetch", "Node's https", "aiohttp", "Java's HttpClient"]
)
def test_env_leads_clients_to_a_fake_with_tls_and_a_proxy(
    tmp_path: Path, built: Path, name: str
) -> None:
    """In a shell that has read what it prints, a client with the real hosts in its code works."""
    client = next(one for one in CLIENTS if one.name == name)
    folder = tmp_path / "authority"
    with MockLivestorm(tls=True, ca_dir=folder, proxy_port=0, consent="approve") as livestorm:
        printed = env("--port", str(livestorm.port))
        script = f"{printed.stdout}\n{shlex.join(client.start(built))}"
        done = subprocess.run(
            [need_program("bash"), "-c", script], capture_output=True, text=True, check=False
        )
        assert json.loads(done.stdout) == {"email": "ada.martin@example.test"}, done.stderr
        assert len(livestorm.journal.entries()) == 3
    assert printed.stderr == ""
