"""G08: a client stops reading at a limit of its own."""

import base64
import gzip
from collections.abc import Callable
from functools import cache, partial

from ..driving.kinds import Kind
from ..driving.outcome import Outcome
from ..servers.flood import SIZE, open_flood
from ..steps.process import peak_bytes
from ..suite.case import Case, Variant
from ..suite.stage import Stage
from ..suite.verdicts import Level

MOST_MEMORY = SIZE * 3 // 4
STOPPED = (Kind.PROTOCOL_ERROR, Kind.TRANSPORT_ERROR, Kind.RETRY_LATER)
DEPTH = 10_000

DOCUMENT = (b'{"data": {"type": "users", "id": "1", "attributes": {"name": "', b'"}}}')
TOKEN = (b'{"access_token": "a", "token_type": "Bearer", "scope": "', b'"}')
PIECE = b"a" * 1024


def play(stage: Stage, *, answer: Callable[[Stage], None]) -> None:
    """Send more than anybody needs, then an ordinary answer."""
    stage.client.seed()
    stage.client.call()
    answer(stage)
    stage.fake.disarm()
    stage.client.configure()
    stage.client.seed()
    stage.check_kind("recovers", stage.client.call(), Kind.OK)


def judge_length(stage: Stage, ask: Callable[[], Outcome]) -> None:
    """Judge the outcome of an answer that is too long, and the memory that it took."""
    before = peak_bytes(stage.client.carrier, forget=True)
    outcome = ask()
    after = peak_bytes(stage.client.carrier)
    stage.check_kind("kind", outcome, *STOPPED)
    if before is not None and after is not None:
        told = f"{(after - before) >> 20} MiB more"
        stage.check("memory", after - before <= MOST_MEMORY, outcome, told=told)


def send_long_document(stage: Stage) -> None:
    """Answer an API call with 64 MiB."""
    begin, end = DOCUMENT
    length = len(begin) + SIZE + len(end)
    flood(stage, head(f"Content-Length: {length}", begin), end, stage.client.call)


def send_chunks(stage: Stage) -> None:
    """Answer an API call with chunks that tell no length."""
    chunk = b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
    begin, end = (b"%x\r\n%s\r\n" % (len(part), part) for part in DOCUMENT)
    flood(
        stage,
        head("Transfer-Encoding: chunked", begin),
        end + b"0\r\n\r\n",
        stage.client.call,
        chunk,
    )


def send_long_token(stage: Stage) -> None:
    """Answer a refresh with 64 MiB."""
    begin, end = TOKEN
    length = len(begin) + SIZE + len(end)
    flood(stage, head(f"Content-Length: {length}", begin), end, stage.client.refresh)


def send_headers(stage: Stage) -> None:
    """Answer an API call with header fields."""
    line = b"x-padding: " + b"a" * 1000 + b"\r\n"
    status = b"HTTP/1.1 200 OK\r\n"
    flood(stage, status, b"Content-Length: 0\r\n\r\n", stage.client.call, line)


def flood(
    stage: Stage, begin: bytes, end: bytes, ask: Callable[[], Outcome], piece: bytes = PIECE
) -> None:
    """Answer an operation by hand, and judge where the client stopped."""
    with open_flood(begin, piece, end) as server:
        url = f"http://127.0.0.1:{server.port}"
        stage.client.configure(api_base=f"{url}/v1", token_url=f"{url}/oauth/token")
        stage.client.seed()
        stage.verdicts.others_answer = True
        judge_length(stage, ask)
        stage.verdicts.others_answer = False
        told = f"{server.sent >> 20} MiB were taken"
        stage.check("stops", server.was_stopped, told=told)


def head(framing: str, begin: bytes) -> bytes:
    """Give the head of an answer, and the beginning of its body."""
    return (
        f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{framing}\r\n\r\n".encode() + begin
    )


def send_bomb(stage: Stage) -> None:
    """Answer an API call with few bytes that decode to 64 MiB."""
    stage.fake.arm(
        "api",
        "answer",
        content_type="application/vnd.api+json",
        headers={"Content-Encoding": "gzip"},
        body_base64=bomb(),
    )
    judge_length(stage, stage.client.call)


@cache
def bomb() -> str:
    """Give 64 MiB, compressed, in base64."""
    begin, end = DOCUMENT
    return base64.b64encode(gzip.compress(begin + b"a" * SIZE + end, 6, mtime=0)).decode()


def send_deep_document(stage: Stage) -> None:
    """Answer an API call with JSON whose depth no parser needs to take."""
    deep = "[" * DEPTH + "]" * DEPTH
    body = f'{{"data": {{"type": "users", "id": "1", "attributes": {{"deep": {deep}}}}}}}'
    stage.fake.arm("api", "answer", content_type="application/vnd.api+json", body=body)
    stage.check_kind("survives", stage.client.call(), Kind.OK, Kind.PROTOCOL_ERROR)


def send_deep_token(stage: Stage) -> None:
    """Answer a refresh with JSON that is deep and no token."""
    stage.fake.arm("token.refresh_token", "token_body", variant="deep_nesting", phase="before")
    stage.check_kind("survives", stage.client.refresh(), Kind.PROTOCOL_ERROR)


ANSWERS: dict[str, Callable[[Stage], None]] = {
    "long document": send_long_document,
    "chunks": send_chunks,
    "long token answer": send_long_token,
    "headers": send_headers,
    "bomb": send_bomb,
    "deep document": send_deep_document,
    "deep token answer": send_deep_token,
}

CASE = Case(
    id="G08",
    name="transport/no-limits",
    level=Level.ROBUST,
    severity=2,
    requirement="an answer that is too long or too deep is an error, and takes bounded memory",
    source="golang/oauth2, internal/token.go, which stops at 1 MiB",
    injects="64 MiB as a body, in chunks, as headers, as a gzip bomb; 10,000 levels of JSON",
    observes="how much was read, reported kind, the process and its memory",
    checks={
        "kind": "it is reported as protocol_error or a broken connection",
        "stops": "the client leaves long before the end",
        "memory": "the client's memory does not grow with the answer",
        "survives": "deep JSON is read or reported as protocol_error",
        "recovers": "the next call succeeds",
    },
    needs=("seed", "call"),
    variants=tuple(
        Variant(name=name, play=partial(play, answer=answer)) for name, answer in ANSWERS.items()
    ),
)
