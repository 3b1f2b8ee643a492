"""An adapter that breaks the protocol in one way, named by its argument, and says ok otherwise."""

import json
import os
import sys
import time
from urllib.parse import urlencode

READY = {
    "type": "ready",
    "protocol": 1,
    "client": {"name": "odd"},
    "ops": ["begin", "callback", "seed", "state", "call"],
    "features": {},
}


WANTED = ("authorize_url", "client_id", "redirect_uri")
CONFIG: dict[str, str] = {}
ASK = {"response_type": "code", "state": "x"}
ON_CANCEL = {
    "cancelled": ["cancelled"],
    "cancelled-twice": ["cancelled", "ok"],
    "cancel-unknown": ["unsupported", "ok"],
    "cancel-late": ["ok", "unsupported"],
}
"""How a command is answered once it is cancelled; until then it is not."""


def send(message: object) -> None:
    """Write one line."""
    sys.stdout.write(f"{json.dumps(message)}\n")
    sys.stdout.flush()


def write(text: str) -> None:
    """Write something else."""
    sys.stdout.write(text)
    sys.stdout.flush()


def answer(oddity: str, number: int) -> None:
    """Answer one command, oddly."""
    result = {"id": number, "type": "result", "kind": "ok"}
    if oddity == "garbage":
        write("this is no JSON\n")
    elif oddity == "list":
        send([result])
    elif oddity == "unknown-id":
        send({**result, "id": number + 1000})
    elif oddity == "repeated-id":
        send(result)
        send(result)
        send(result)
    elif oddity == "answered-and-unsupported":
        send(result)
        send({**result, "kind": "unsupported"})
    elif oddity == "odd-id":
        send({**result, "id": [number]})
    elif oddity == "long-line":
        send({**result, "padding": "x" * (1 << 20)})
    elif oddity == "unknown-kind":
        send({**result, "kind": "splendid"})
    elif oddity == "adapter-error":
        send({"id": number, "type": "adapter_error", "message": "my own fault"})
    elif oddity == "crash":
        os._exit(7)
    elif oddity == "hang":
        time.sleep(60)
    elif oddity == "liar":
        send({**result, "authorize_url": CONFIG["authorize_url"] + "?" + urlencode(ASK | CONFIG)})
    elif oddity == "foreign-words":
        send({**result, "kind": "bug", "error": {"message": "日本 🦊 \ud800", "repr": "\x00"}})
    elif oddity == "lost":
        send({**result, "authorize_url": CONFIG["authorize_url"] + "?client_id=nobody"})
    elif oddity == "unsupported":
        send({**result, "kind": "unsupported", "reason": "not today"})
    elif oddity == "half-line":
        write('{"id":')
        os._exit(0)
    elif oddity not in ON_CANCEL:
        send(result)


def main() -> None:
    """Answer until the end of the input."""
    oddity = sys.argv[1]
    if oddity == "never-ready":
        time.sleep(60)
    if oddity == "not-ready":
        write("hello\n")
    if oddity == "old-protocol":
        send({**READY, "protocol": 0})
    if oddity == "dies-at-once":
        sys.stderr.write("no such module\n")
        sys.exit(1)
    send(READY)
    if oddity == "chatty":
        sys.stderr.write("x" * 500_000)
        send({"type": "event", "event": "log", "text": "hello"})
    for line in sys.stdin:
        message = json.loads(line)
        if message["type"] == "configure":
            CONFIG.update({name: message["config"][name] for name in WANTED})
        if message["type"] == "command":
            answer(oddity, message["id"])
        elif message["type"] == "cancel":
            for kind in ON_CANCEL[oddity]:
                send({"id": message["id"], "type": "result", "kind": kind})
        else:
            send({"id": message["id"], "type": "result", "kind": "ok"})


if __name__ == "__main__":
    main()
