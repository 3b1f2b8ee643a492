"""Drift of what runs below the engine is told apart from drift of the engine."""

import pytest

from . import record
from .layers import vary_below
from .recording import drift
from .recordings import Answer, Case, Exchange, Header, Recording, Request
from .servers import RealTimeServer
from .test_replayer import serve

FRAME: Header = ("X-Frame-Options", "SAMEORIGIN")
JSON: Header = ("Content-Type", "application/json; charset=utf-8")
STATIC: Header = ("Content-Type", "text/html; charset=UTF-8")
HEADERS = (
    "Location",
    "Content-Type",
    "Cache-Control",
    "Pragma",
    "Vary",
    "ETag",
    "WWW-Authenticate",
    "Set-Cookie",
    "X-Frame-Options",
)


def recorded(status: int, *headers: Header, body: str = "{}") -> Recording:
    """Make a recording of one answer."""
    answer = Answer(status=status, headers=headers, body=body)
    step = Exchange(request=Request(method="GET", target="/"), answers={"5.5": answer})
    case = Case(name="example", releases=("5.5",), exchanges=(step,))
    return Recording(profile="main", compared_headers=HEADERS, cases=(case,))


def layers_of(before: Recording, after: Recording) -> set[str | None]:
    """Name what decides the aspects in which two recordings differ."""
    found = list(drift(before, after))
    assert found
    return {finding.layer for finding in found}


@pytest.mark.parametrize(
    ("name", "before", "after", "layer"),
    [
        ("Vary", "Accept", "Accept, X-Requested-With", "Rails"),
        ("Set-Cookie", "a=<COOKIE>; path=/", "a=<COOKIE>; path=/; HttpOnly", "Rails"),
        ("ETag", "W/<ETAG>", "<ETAG>", "Rack"),
        ("Cache-Control", "max-age=0, private, must-revalidate", "no-cache", "Rack"),
        ("Cache-Control", "no-store", "no-cache", None),
        ("Cache-Control", "private", "no-store", None),
        ("Location", "https://a.example/?code=x", "https://a.example/", None),
        ("Pragma", "no-cache", "none", None),
        ("WWW-Authenticate", "Bearer", "Basic", None),
        ("Content-Type", "text/html", "text/html; charset=utf-8", "Rails"),
        ("Content-Type", "text/html", "application/json", None),
    ],
)
def test_header_belongs_to_what_sets_it(
    name: str, before: str, after: str, layer: str | None
) -> None:
    """A header that the engine never sets is no drift of the engine, whatever it says."""
    old, new = recorded(200, FRAME, (name, before)), recorded(200, FRAME, (name, after))
    assert layers_of(old, new) == {layer}


def test_header_that_came_or_went_belongs_to_what_sets_it() -> None:
    """It need not be there before and after."""
    without, with_vary = recorded(200, FRAME, JSON), recorded(200, FRAME, JSON, ("Vary", "Accept"))
    assert layers_of(without, with_vary) == layers_of(with_vary, without) == {"Rails"}


def test_page_of_a_redirect_is_rails() -> None:
    """The engine only says where the browser is sent."""
    assert layers_of(recorded(302, FRAME, body="redirected"), recorded(302, FRAME, body="")) == {
        "Rails"
    }


def test_static_page_is_rails() -> None:
    """Its status, type and text are not the engine's: no controller answered."""
    old, new = recorded(422, STATIC, body="rejected"), recorded(406, STATIC, body="")
    assert layers_of(old, new) == {"Rails"}


def test_answer_that_became_a_static_page_is_the_engines() -> None:
    """A controller that fails where it answered before is no drift of Rails."""
    assert None in layers_of(recorded(400, JSON), recorded(500, STATIC, body="server error"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (recorded(200, FRAME), recorded(400, FRAME)),
        (recorded(400, JSON), recorded(401, JSON)),
        (recorded(400, JSON, body='{"error":"a"}'), recorded(400, JSON, body='{"error":"b"}')),
        (recorded(200), recorded(200, ("Set-Cookie", "a=<COOKIE>"))),
        (recorded(200, FRAME, body='{"a":1}'), recorded(200, FRAME, body='{"a":2}')),
    ],
)
def test_status_and_body_are_the_engines(before: Recording, after: Recording) -> None:
    """What a controller answers is the engine's."""
    assert layers_of(before, after) == {None}


def test_report_counts_what_is_below_and_lists_what_is_the_engines() -> None:
    """One line for all answers with the same new header, one for each fault."""
    old = recorded(200, FRAME, ("Vary", "Accept"))
    new = recorded(400, FRAME, ("Vary", "Accept, X-Requested-With"))
    findings = [*drift(old, new), *drift(old, new)]
    assert record.report(findings) == [
        "  example [1] status: expected 200, got 400",
        "  example [1] status: expected 200, got 400",
        "  below the engine, Rails: Vary: expected ('Accept',), got ('Accept, X-Requested-With',)"
        " (2 answers)",
    ]
    assert record.summary(findings) == [
        "the engine: 2 differences",
        "Rails, below it: 2 differences",
    ]


def test_summary_says_that_only_what_is_below_drifted() -> None:
    """The engine is as recorded then."""
    old, new = recorded(200, FRAME), recorded(200, FRAME, ("Vary", "Accept"))
    assert record.summary(list(drift(old, new))) == [
        "the engine: as recorded",
        "Rails, below it: 1 difference",
    ]


def test_changed_packages_are_named() -> None:
    """Only those whose version is known to be another."""
    before = {"puma": "5", "ruby-rack": "2"}
    now = {"puma": "6", "ruby-rack": "2", "ruby-actionpack": "7"}
    assert record.changed_packages(before, now) == ["  puma was 5, is 6"]
    assert record.changed_packages({}, now) == []


@pytest.mark.parametrize(
    ("header", "option"),
    [("", "accept"), ("Vary: Accept, X-Requested-With\r\n", "negotiation")],
)
def test_option_is_found_by_asking(header: str, option: str) -> None:
    """Without an `Accept`, only Rails since November 2026 sends `Vary`."""
    answer = f"HTTP/1.1 401 Unauthorized\r\n{header}\r\n".encode()
    with serve(answer) as server:
        assert vary_below(RealTimeServer(server.base)) == option
