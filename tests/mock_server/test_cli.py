"""The command `livestorm-mock`, as a process."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from livestorm_mock_server.listeners import bind

from .conftest import Start
from .served import LAUNCH, SECONDS, Served, assert_wrong_usage, run
from .wire import Wire, exchange, frame

PROCESSES = Path("/proc")
MAY_LOAD = {
    *("livestorm_mock_server", "livestorm_scenarios", "click", "msgspec", "typing_extensions"),
    *("uvicorn", "httptools", "uvloop"),
    *("__main__", "__mp_main__", "_distutils_hack", "sitecustomize", "usercustomize"),
}
NOT_FOR_SERVE = {
    *("audit", "control", "doctor", "embedding", "env_command", "interception", "proxy"),
    *("pytest_plugin", "running", "scenario_words", "scenarios_command", "suite_commands"),
}
TELL_LOADED = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
BEGIN = "from livestorm_mock_server.__main__ import main; main()"


def test_serve_prints_one_json_line_and_answers(start: Start, http: httpx.Client) -> None:
    """Once the line is there, the fake answers at what it says."""
    served = start("--json")
    described = served.describes_itself()
    base = described["app_url"]
    assert set(described) >= {
        "app_url",
        "api_url",
        "client_id",
        "client_secret",
        "redirect_uris",
        "public_client_id",
        "private_token",
        "control_url",
        "other_url",
    }
    assert (described["api_url"], described["control_url"]) == (f"{base}/v1", f"{base}/_mock")
    answer = http.get(
        f"{described['api_url']}/me", headers={"Authorization": described["private_token"]}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_serve_in_order(start: Start, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end with status 0 and nothing on standard error."""
    served = start("--json")
    served.describes_itself()
    assert served.end(number) == (0, "", "")


def test_signal_ends_serve_with_connections_open(start: Start) -> None:
    """Clients that keep their connection don't keep the fake from ending."""
    served = start("--json", "--quiet")
    url = served.describes_itself()["app_url"]
    with Wire(url) as wire:
        wire.send(frame("GET", "/v1/ping"))
        assert wire.read().status == 401
        assert served.end(signal.SIGTERM) == (0, "", "")


def test_signal_ends_serve_while_the_journal_is_followed(start: Start) -> None:
    """Who follows the journal is let go, and the stream ends in order."""
    served = start("--json")
    url = served.describes_itself()["app_url"]
    with Wire(url) as wire:
        wire.send(frame("GET", "/_mock/journal/stream", [("Connection", "close")]))
        assert wire.receive().startswith(b"HTTP/1.1 200")
        assert served.end(signal.SIGTERM) == (0, "", "")
        assert wire.read_to_end().endswith(b"0\r\n\r\n")


def test_journal_capacity_is_configurable(start: Start, http: httpx.Client) -> None:
    """The journal keeps so many exchanges."""
    described = start("--json", "--journal-capacity", "2").describes_itself()
    for _ in range(3):
        http.get(f"{described['api_url']}/ping")
    exchanges = http.get(f"{described['control_url']}/journal").json()["exchanges"]
    assert [one["seq"] for one in exchanges] == [2, 3]


@pytest.mark.skipif(not PROCESSES.exists(), reason="no /proc tells the time of the processor")
def test_first_answer_takes_less_than_a_second(start: Start) -> None:
    """From the launch to the first answer, the processor works for less than a second."""
    served = start("--json")
    exchange(served.describes_itself()["app_url"], frame("GET", "/v1/ping"))
    user, system = (PROCESSES / str(served.process.pid) / "stat").read_text().split()[13:15]
    assert (int(user) + int(system)) / os.sysconf("SC_CLK_TCK") < 1


def test_bad_requests_print_no_traceback(start: Start) -> None:
    """What clients send wrong is no error of the fake's."""
    served = start("--json")
    url = served.describes_itself()["app_url"]
    headers = [("Content-Type", "application/json")]
    exchange(url, frame("POST", "/oauth/token", headers, b"{"))
    exchange(url, frame("GET", f"/nothing?a{'[a]' * 200}=1"))
    _, _, errors = served.end(signal.SIGTERM)
    assert "Traceback" not in errors


def test_serve_tells_a_person_what_to_try(start: Start) -> None:
    """Without `--json`, URLs, credentials, links and commands are printed, and what surprises."""
    served = start()
    lines = [served.line()]
    while "Ctrl-C" not in lines[-1]:
        lines.append(served.line())
    text = "".join(lines)
    assert "--no-rate-limits" in text
    assert "--redirect-uri" in text
    assert "Livestorm, faked, on http://127.0.0.1:" in text
    assert "example-client-id" in text
    assert "example-client-secret" in text
    tried = [
        line.split()[0] for line in text.partition("Try next:")[2].splitlines() if line[:1] == " "
    ]
    assert tried == ["open", "open", "curl", "curl"]


def test_serve_listens_on_loopback_only(start: Start) -> None:
    """By default, no other address is bound."""
    served = start("--json")
    url = served.describes_itself()["app_url"]
    assert url.startswith("http://127.0.0.1:")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", int(url.rpartition(":")[2])), timeout=5)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux's")
@pytest.mark.parametrize("arguments", [["serve", "--port", "0"], ["scenarios"], ["--help"]])
def test_output_that_cannot_be_written_is_one_line(arguments: list[str]) -> None:
    """A full disk is told in one line, without a traceback."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-c", LAUNCH, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    line = "livestorm-mock: can't write to standard output: No space left on device\n"
    assert (done.returncode, done.stderr) == (3, line)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ("PermissionError(13, 'Permission denied', '/a/file')", "/a/file: Permission denied"),
        ("OSError(28, 'No space left on device')", "No space left on device"),
        ("OSError('no address is given')", "no address is given"),
    ],
)
def test_what_the_system_refuses_elsewhere_is_no_matter_of_the_output(
    error: str, told: str
) -> None:
    """It is told as it is."""
    before = f"""
from livestorm_mock_server import scenarios_command
def say(*_):
    raise {error}
scenarios_command._find_scenarios = say
"""
    done = run("scenarios", before=before)
    assert (done.returncode, done.stdout, done.stderr) == (3, "", f"livestorm-mock: {told}\n")


def test_scenarios_are_listed_to_nobody() -> None:
    """Without a standard output there is nothing to print and nothing wrong."""
    code = f"import sys; sys.stdout = None; {LAUNCH}"
    done = subprocess.run(
        [sys.executable, "-c", code, "scenarios"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "path", "expected"),
    [
        (["--seed", "\udcff"], "status", "ok"),
        (["--release", "5.5"], "release", "5.5"),
        (["--seed", "1"], "status", "ok"),
    ],
)
def test_serve_takes_its_options(
    start: Start, http: httpx.Client, arguments: list[str], path: str, expected: str
) -> None:
    """An option is what the fake then is."""
    described = start("--json", *arguments).describes_itself()
    assert http.get(f"{described['control_url']}/health").json()[path] == expected


def test_other_machines_need_the_token(start: Start, http: httpx.Client) -> None:
    """Where they can reach the fake, its control API wants what was printed once."""
    served = start("--json", "--host", "0.0.0.0")  # noqa: S104 - for the test
    described = served.describes_itself()
    token, port = described["control_token"], described["control_url"].rpartition(":")[2]
    url = f"http://127.0.0.1:{port}/journal"
    assert http.get(url).status_code == 401
    headers = {"Authorization": f"Bearer {token}"}
    assert http.get(url, headers=headers).status_code == 200
    status, output, errors = served.end(signal.SIGTERM)
    assert (status, token in output + errors) == (0, False)
    assert " warning  other machines can reach the fake" in errors


@pytest.mark.parametrize(
    ("arguments", "warns"),
    [
        (["--insecure"], False),
        (["--host", "0.0.0.0", "--insecure"], True),  # noqa: S104 - for the test
        (["--allowed-host", "mock.example", "--allowed-host", "other"], False),
    ],
)
def test_control_api_without_a_token(start: Start, arguments: list[str], warns: bool) -> None:
    """On the loopback there is none; elsewhere `--insecure` does without, and is warned of."""
    served = start("--json", *arguments)
    assert "control_token" not in served.describes_itself()
    *_, errors = served.end(signal.SIGTERM)
    assert ("anybody may use its control API" in errors) == warns


def test_allowed_host_is_answered(start: Start, http: httpx.Client) -> None:
    """A name that a container network knows, say."""
    described = start("--json", "--allowed-host", "mock").describes_itself()
    for host, status in (("mock:8787", 200), ("other", 403)):
        answer = http.get(f"{described['control_url']}/clock", headers={"Host": host})
        assert answer.status_code == status


def test_token_comes_from_the_environment(
    start: Start, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that it stands in no list of processes; it also holds on the loopback."""
    monkeypatch.setenv("LIVESTORM_MOCK_CONTROL_TOKEN", "chosen")
    described = start("--json").describes_itself()
    assert described["control_token"] == "chosen"
    assert http.get(f"{described['control_url']}/clock").status_code == 401


def test_fake_without_a_control_api(start: Start, http: httpx.Client) -> None:
    """`--no-control` leaves nothing of it."""
    described = start("--json", "--no-control").describes_itself()
    assert "control_url" not in described
    assert http.get(f"{described['app_url']}/_mock/health").status_code == 404


def test_auto_approve_redirects_at_once(start: Start, http: httpx.Client) -> None:
    """`--auto-approve` shows no consent page."""
    described = start("--json", "--auto-approve").describes_itself()
    parameters = {
        "client_id": described["client_id"],
        "redirect_uri": described["redirect_uris"][0],
        "response_type": "code",
    }
    answer = http.get(f"{described['app_url']}/oauth/authorize", params=parameters)
    assert (answer.status_code, "code=" in answer.headers["location"]) == (302, True)


def test_no_rate_limits_lets_everything_through(start: Start, http: httpx.Client) -> None:
    """`--no-rate-limits` counts nothing."""
    described = start("--json", "--no-rate-limits").describes_itself()
    answers = [http.get(f"{described['api_url']}/ping") for _ in range(8)]
    assert {answer.status_code for answer in answers} == {401}


def test_scenario_file_is_served(start: Start, http: httpx.Client, tmp_path: Path) -> None:
    """`--scenario` takes a path, and the command line wins over it."""
    file = tmp_path / "mine.toml"
    file.write_text('[provider]\nrelease = "5.5"\nconsent = "deny"\n', encoding="utf-8")
    described = start("--json", "--scenario", str(file), "--release", "6.0").describes_itself()
    assert http.get(f"{described['control_url']}/health").json()["release"] == "6.0"


def test_same_seed_announces_the_same(start: Start) -> None:
    """With `--seed`, credentials come out the same (the private token's time apart)."""
    one, two = (start("--json", "--seed", "7").describes_itself() for _ in range(2))
    assert one["client_id"] == two["client_id"]


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])  # noqa: S104 - for the test
def test_serve_everywhere_says_an_address_that_can_be_reached(
    start: Start, http: httpx.Client, host: str
) -> None:
    """Both origins of a server at every address are told, and answer, at loopback.

    Where there is no IPv6, that of IPv4.
    """
    try:
        bind("::1", 0).close()
        shown = "[::1]" if host == "::" else "127.0.0.1"
    except OSError:
        shown = "127.0.0.1"
    described = start("--json", "--host", host).describes_itself()
    for url in (described["app_url"], described["other_url"]):
        assert url.startswith(f"http://{shown}:")
        assert http.get(f"{url}/v1/ping").status_code == 401


def test_serve_says_its_public_url(start: Start) -> None:
    """What a person reads and copies is the public URL."""
    urls = ("--public-url", "https://fake.test", "--other-url", "https://other.test:8443/")
    served = start(*urls)
    assert served.line().startswith("Livestorm, faked, on https://fake.test (")
    lines = [served.line()]
    while "Ctrl-C" not in lines[-1]:
        lines.append(served.line())
    text = "".join(lines)
    assert "open 'https://fake.test/oauth/authorize?" in text
    assert "curl https://fake.test/_mock/clock" in text
    assert "https://other.test:8443\n" in text


def test_second_port_is_the_one_asked_for(start: Start) -> None:
    """A port that has to be published is the same each time, and named where it is taken."""
    described = start("--json").describes_itself()
    taken = described["other_url"].rpartition(":")[2]
    assert taken != described["app_url"].rpartition(":")[2]
    done = run("serve", "--port", "0", "--other-port", taken)
    assert_wrong_usage(done, f"127.0.0.1:{taken}", "in use")


def test_taken_port_is_one_line(start: Start) -> None:
    """A port that another process has is named."""
    taken = start("--json").describes_itself()["app_url"].rpartition(":")[2]
    assert_wrong_usage(run("serve", "--port", taken), f"127.0.0.1:{taken}", "in use")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--scenario", "hapy_path"], ["'hapy_path'", "did you mean 'happy_path'?"]),
        (["--scenario", "/nothing/there.toml"], ["/nothing/there.toml", "No such file"]),
        (["--scenario", "/etc/"], ["can't be read", "Is a directory"]),
        (["--release", "7"], ["--release", "'7'", "5.5"]),
        (["--port", "99999"], ["--port", "99999"]),
        (["--journal-capacity", "0"], ["journal_capacity is 0", "an integer"]),
        (["--port", "x"], ["--port", "'x'"]),
        (["--jsn"], ["--jsn", "--json"]),
        (["--host", "256.256.256.256"], ["256.256.256.256"]),
        (["--host", "a..b"], ["a..b"]),
        (["--host", "a" * 70], ["aaa"]),
        (["--host", ""], ["no address is given"]),
        (["--host", "\udcff"], ["\\udcff"]),
        (["--public-url", "fake.test"], ["public_url is 'fake.test'", "an origin such as"]),
        (["--public-url", "http://fake.test/a"], ["the origin alone, http://fake.test"]),
        (["--other-url", "http://0.0.0.0:1"], ["other_url is", "clients can go to"]),
        (["--other-port", "65536"], ["--other-port", "65536"]),
        (["extra"], ["extra"]),
    ],
)
def test_wrong_option_is_one_line(arguments: list[str], words: list[str]) -> None:
    """What is wrong is told in one line, with exit status 3 and without a traceback."""
    assert_wrong_usage(run("serve", "--port", "0", *arguments), *words)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"titel = 'x'", ["unknown key titel", "did you mean 'title'?"]),
        (b"[provider]\nrelease = '7'", ["provider.release is '7'", "expected one of"]),
        (b"x = ", ["not valid TOML"]),
        (b"\xff", ["not valid UTF-8"]),
        (b"[[faults]]\non = 'api'\nfault = 'dealy'", ["faults[0].fault is 'dealy'", "'delay'"]),
        (b"a = " + b"[" * 5000, []),
        (b"[[faults]]\non = 'api'\nfault = ['x']", ["faults[0].fault"]),
        (b"[[resources]]\npath = '/v1/a'\njson = {a = 1979-05-27}", ["resources[0].json"]),
    ],
)
def test_bad_scenario_file_is_one_line(tmp_path: Path, content: bytes, words: list[str]) -> None:
    """A file that is wrong is named, with the key and what was expected."""
    file = tmp_path / "mine.toml"
    file.write_bytes(content)
    assert_wrong_usage(run("serve", "--scenario", str(file)), "mine.toml", *words)


def test_unknown_command_is_one_line() -> None:
    """A command that is not there is named."""
    assert_wrong_usage(run("serv"), "serv")


def test_no_command_shows_the_help() -> None:
    """Alone, the command says what it can do, and that this was not it."""
    done = run()
    assert (done.returncode, "serve" in done.stderr + done.stdout) == (3, True)


@pytest.mark.parametrize("arguments", [["--help"], ["serve", "--help"], ["-h"], ["--version"]])
def test_help_and_version_succeed(arguments: list[str]) -> None:
    """Asking is no mistake."""
    done = run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_start_loads_only_what_a_first_answer_needs(http: httpx.Client) -> None:
    """No other package, and nothing of other commands, of the control API or of the audit."""
    served = Served("--json", before=f"{TELL_LOADED}; ")
    try:
        assert http.get(f"{served.describes_itself()['api_url']}/ping").status_code == 401
        _, _, loaded = served.end(signal.SIGTERM)
    finally:
        served.kill()
    names = loaded.splitlines()[-1].split()
    packages = {name.partition(".")[0] for name in names if "cython" not in name}
    rooms = {name.split(".")[1] for name in names if name.startswith("livestorm_mock_server.")}
    assert "serving" in rooms
    assert packages <= MAY_LOAD | sys.stdlib_module_names
    assert not rooms & NOT_FOR_SERVE
    assert not {"zipfile", "importlib.metadata"} & {*names}


@pytest.mark.parametrize("way", [["-m", "livestorm_mock_server"], ["-c", BEGIN]])
def test_interrupt_while_it_loads_is_no_traceback(tmp_path: Path, way: list[str]) -> None:
    """Ctrl-C ends it at any time as it does once it runs."""
    (tmp_path / "click.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGINT)")
    done = subprocess.run(
        [sys.executable, *way],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=False,
    )
    assert (done.returncode, done.stderr) == (130, "")
