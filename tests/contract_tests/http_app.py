"""An app that is driven over HTTP: `http_app.py FOLDER serve`, or `start` or `restart` it.

The folder has its `port` and its `pid`, once it serves, and `app.log`; a file `talkative` there has
it log the access tokens that it is given.
"""

import json
import os
import select
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from livestorm_contract_tests.adapters.reference import ReferenceAdapter

FOLDER = Path(sys.argv[1])


class App(BaseHTTPRequestHandler):
    """The reference adapter behind the two routes."""

    adapter = ReferenceAdapter()

    def do_GET(self) -> None:
        """Say what the client can do."""
        self._send(self.adapter.ready)

    def do_POST(self) -> None:
        """Answer a message."""
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if (FOLDER / "talkative").exists() and "token" in message:
            log(message["token"]["access_token"])
        self._send({"type": "result", "id": message["id"], **self.adapter.command(message)})

    def log_message(self, *arguments: Any) -> None:
        """Log the request line."""
        log(self.requestline)

    def _send(self, message: Any) -> None:
        body = json.dumps(message).encode()
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def log(line: str) -> None:
    """Write a line to the log."""
    with (FOLDER / "app.log").open("a") as file:
        file.write(f"{line}\n")


def serve() -> None:
    """Serve, on the port of the run before if there was one."""
    port = FOLDER / "port"
    server = ThreadingHTTPServer(("127.0.0.1", int(port.read_text()) if port.exists() else 0), App)
    port.write_text(str(server.server_port))
    (FOLDER / "pid").write_text(str(os.getpid()))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.serve_forever()


def restart() -> None:
    """End the process that serves, and start another one."""
    with (FOLDER / "restarts").open("a") as file:
        file.write(f"{os.environ['LIVESTORM_MOCK_RESTART']}\n")
    end()
    start()


def start() -> None:
    """Start the app in a process that stays, and wait until it serves."""
    command = [sys.executable, __file__, str(FOLDER), "serve"]
    app = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    assert app.stdout is not None
    assert app.stdout.readline() == b"ready\n"


def end() -> None:
    """Kill the process that serves, and wait until it is gone."""
    process = int((FOLDER / "pid").read_text())
    handle = os.pidfd_open(process)
    os.kill(process, signal.SIGKILL)
    select.select([handle], [], [], 10)


if __name__ == "__main__":
    {"serve": serve, "start": start, "restart": restart, "end": end}[sys.argv[2]]()
