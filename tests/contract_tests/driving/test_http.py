"""The carrier over HTTP, with an app that is already running."""

import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from livestorm_contract_tests.adapters.reference import ReferenceAdapter
from livestorm_contract_tests.driving.carrier import (
    AdapterFailed,
    Crash,
    DrivingError,
    Garbage,
    NotOffered,
    wait_for,
)
from livestorm_contract_tests.driving.http import HttpApp
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict

COMMAND: dict[str, object] = {"type": "command", "op": "state"}


class App(BaseHTTPRequestHandler):
    """An app with the reference adapter behind a route; `answer` replaces its replies."""

    adapter = ReferenceAdapter()
    answer: dict[str, object] | None = None

    def do_GET(self) -> None:
        """Say what the client can do."""
        self._send(self.adapter.ready)

    def do_POST(self) -> None:
        """Answer a message."""
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.answer is not None:
            self._send(self.answer)
            return
        self._send({"type": "result", "id": message["id"], **self.adapter.command(message)})

    def log_message(self, *arguments: Any) -> None:
        """Be silent."""

    def _send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def url() -> Iterator[str]:
    """The URL of the app."""
    with ThreadingHTTPServer(("127.0.0.1", 0), App) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_app_is_judged_like_an_adapter(url: str) -> None:
    """The same messages over HTTP bring the same verdict."""
    settings = Settings(seed="1", workers=1)
    _, results = run_cases([all_cases()["C09"]], HttpApp(url).launch, settings)
    assert [result.verdict for result in results] == [Verdict.PASS]


def test_restart_and_logs_need_the_operator(url: str, tmp_path: Path) -> None:
    """Without a restart command and a log file the app does not offer what needs them."""
    bare = HttpApp(url).launch().ready
    assert ("restart" in bare.ops, bare.features.persist, bare.features.logs) == (False, "none", ())
    log = tmp_path / "log"
    full = HttpApp(url, restart_command=["true"], log_file=log).launch().ready
    assert ("restart" in full.ops, full.features.persist) == (True, "file")
    assert full.features.logs == ("stderr",)


def test_call_is_cancelled_while_its_answer_is_waited_for(url: str) -> None:
    """The `cancel` goes beside it; the case is skipped where the call goes on to its end."""
    case = all_cases()["I04"]
    case = replace(case, variants=[one for one in case.variants if one.name == "cancelled"])
    _, results = run_cases([case], HttpApp(url).launch, Settings(seed="1", workers=1))
    assert [result.verdict for result in results] == [Verdict.PASS]


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_ended_app_is_started_anew(url: str, tmp_path: Path, how: str) -> None:
    """The restart command runs before the next launch, and is told what is to be done."""
    told = tmp_path / "told"
    code = f"import os; open({str(told)!r}, 'w').write(os.environ['LIVESTORM_MOCK_RESTART'])"
    app = HttpApp(url, restart_command=[sys.executable, "-c", code])
    getattr(app.launch(), how)()
    assert not told.exists()
    app.launch()
    assert told.read_text() == how


def test_second_process_is_not_offered(url: str) -> None:
    """An app has one process."""
    app = HttpApp(url)
    app.launch()
    with pytest.raises(NotOffered):
        app.launch()


def test_log_is_read_from_where_the_case_began(url: str, tmp_path: Path) -> None:
    """What was logged before is not the case's."""
    log = tmp_path / "log"
    log.write_text("before ")
    carrier = HttpApp(url, log_file=log).launch()
    with log.open("a") as file:
        file.write("after")
    assert carrier.printed() == b"after"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ({"type": "result", "id": 1000, "kind": "ok"}, Garbage),
        ({"type": "result", "id": 1, "kind": "splendid"}, Garbage),
        ({"type": "adapter_error", "id": 1, "message": "my own fault"}, AdapterFailed),
    ],
)
def test_broken_protocol_is_told(
    url: str, monkeypatch: pytest.MonkeyPatch, answer: dict[str, object], error: type[DrivingError]
) -> None:
    """Each way to break the protocol has its own name."""
    monkeypatch.setattr(App, "answer", answer)
    carrier = HttpApp(url).launch()
    with pytest.raises(error):
        wait_for(carrier.submit(dict(COMMAND)), carrier, 5000)
    assert not carrier.is_alive


def test_app_that_is_gone_is_a_crash(url: str) -> None:
    """No answer at all is told as a crash."""
    app = HttpApp(url)
    carrier = app.launch()
    app.url = "http://127.0.0.1:9"
    with pytest.raises(Crash):
        wait_for(carrier.submit(dict(COMMAND)), carrier, 5000)


def test_app_that_is_not_there_is_told() -> None:
    """There is a limit to waiting."""
    with pytest.raises(AdapterFailed, match="not ready within"):
        HttpApp("http://127.0.0.1:9", ready_seconds=0.1).launch()
