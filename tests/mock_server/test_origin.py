"""At which origin a request was addressed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.rails.csrf import Session, check_authenticity_token, global_token
from livestorm_mock_server.rails.errors import UnprocessableEntity
from livestorm_mock_server.rails.request import Request

SECRET = bytes(32)

Fields = Sequence[tuple[str, str]]

HOST = ("Host", "a.test:8787")
PLAIN = ("Host", "a.test")


def proto(value: str) -> tuple[str, str]:
    """The scheme that the client spoke, as most proxies tell it."""
    return ("X-Forwarded-Proto", value)


def scheme(value: str) -> tuple[str, str]:
    """The same in another header."""
    return ("X-Forwarded-Scheme", value)


def ssl(value: str) -> tuple[str, str]:
    """And in a third."""
    return ("X-Forwarded-Ssl", value)


def forwarded_host(value: str) -> tuple[str, str]:
    """The host that the client addressed."""
    return ("X-Forwarded-Host", value)


def forwarded_port(value: str) -> tuple[str, str]:
    """The port that the client addressed."""
    return ("X-Forwarded-Port", value)


MEASURED: list[tuple[Fields, str]] = [
    # Host alone
    ([HOST], "http://a.test:8787"),
    ([PLAIN], "http://a.test"),
    ([("Host", "a.test:80")], "http://a.test"),
    ([("Host", "a.test:0080")], "http://a.test"),
    ([("Host", "a.test:443")], "http://a.test:443"),
    ([("Host", "a.test:08787")], "http://a.test:8787"),
    ([("Host", "a.test:99999")], "http://a.test:99999"),
    ([("Host", "a.test:0")], "http://a.test:0"),
    ([("Host", "a.test:")], "http://a.test:"),
    ([("Host", "a.test:x")], "http://a.test:x"),
    ([("Host", "[::1]:8787")], "http://[::1]:8787"),
    ([("Host", "[::1]")], "http://[::1]"),
    ([("Host", "::1")], "http://::1"),
    ([("Host", "::1:80")], "http://::1"),
    ([("Host", "A.Test:8787")], "http://A.Test:8787"),
    ([("Host", "u@a.test")], "http://u@a.test"),
    ([("Host", "a.test,b.test")], "http://a.test,b.test"),
    ([PLAIN, ("Host", "b.test")], "http://a.test, b.test"),
    ([("Host", "")], "http://"),
    ([], "http://localhost"),
    # X-Forwarded-Proto: the first of a list, in lower case
    ([HOST, proto("https")], "https://a.test:8787"),
    ([HOST, proto("http")], "http://a.test:8787"),
    ([HOST, proto("HTTPS")], "http://a.test:8787"),
    ([HOST, proto("Https")], "http://a.test:8787"),
    ([HOST, proto("https,http")], "https://a.test:8787"),
    ([HOST, proto("http,https")], "http://a.test:8787"),
    ([HOST, proto("https, http")], "https://a.test:8787"),
    ([HOST, proto("http, https")], "http://a.test:8787"),
    ([HOST, proto("https ,http")], "https://a.test:8787"),
    ([HOST, proto("http ,https")], "http://a.test:8787"),
    ([HOST, proto(",https")], "http://a.test:8787"),
    ([HOST, proto("https,")], "https://a.test:8787"),
    ([HOST, proto("ftp,https")], "http://a.test:8787"),
    ([HOST, proto("ftp, https")], "http://a.test:8787"),
    ([HOST, proto("https,ftp")], "https://a.test:8787"),
    ([HOST, proto("http"), proto("https")], "http://a.test:8787"),
    ([HOST, proto("https"), proto("http")], "https://a.test:8787"),
    ([HOST, proto("wss")], "http://a.test:8787"),
    ([HOST, proto("ws")], "http://a.test:8787"),
    ([HOST, proto("ftp")], "http://a.test:8787"),
    ([HOST, proto("on")], "http://a.test:8787"),
    ([HOST, proto("")], "http://a.test:8787"),
    ([HOST, proto("httpsx")], "https://a.test:8787"),
    ([HOST, proto("https;q=1")], "https://a.test:8787"),
    ([HOST, proto("https://")], "https://a.test:8787"),
    ([PLAIN, proto("https")], "https://a.test"),
    ([("Host", "a.test:443"), proto("https")], "https://a.test"),
    ([("Host", "a.test:80"), proto("https")], "https://a.test:80"),
    ([("Host", "[::1]:443"), proto("https")], "https://[::1]"),
    ([("Host", "[::1]"), proto("https")], "https://[::1]"),
    ([proto("https")], "https://localhost"),
    # X-Forwarded-Scheme: before it, whole
    ([HOST, scheme("https")], "https://a.test:8787"),
    ([HOST, scheme("http")], "http://a.test:8787"),
    ([HOST, scheme("HTTPS")], "http://a.test:8787"),
    ([HOST, scheme("wss")], "http://a.test:8787"),
    ([HOST, scheme("ftp")], "http://a.test:8787"),
    ([HOST, scheme("https,http")], "http://a.test:8787"),
    ([HOST, scheme("http,https")], "http://a.test:8787"),
    ([HOST, scheme("https"), scheme("http")], "http://a.test:8787"),
    ([HOST, scheme("http"), proto("https")], "http://a.test:8787"),
    ([HOST, scheme("https"), proto("http")], "https://a.test:8787"),
    ([HOST, scheme("ftp"), proto("https")], "https://a.test:8787"),
    ([HOST, scheme("https"), proto("ftp")], "https://a.test:8787"),
    ([HOST, scheme(""), proto("https")], "https://a.test:8787"),
    ([HOST, scheme("http,https"), proto("https")], "https://a.test:8787"),
    ([HOST, scheme("https,http"), proto("http")], "http://a.test:8787"),
    ([HOST, scheme("https"), proto("http,https")], "https://a.test:8787"),
    # X-Forwarded-Ssl: before both, where it is on
    ([HOST, ssl("on")], "https://a.test:8787"),
    ([HOST, ssl("ON")], "http://a.test:8787"),
    ([HOST, ssl("true")], "http://a.test:8787"),
    ([HOST, ssl("1")], "http://a.test:8787"),
    ([HOST, ssl("https")], "http://a.test:8787"),
    ([HOST, ssl("on"), ssl("on")], "http://a.test:8787"),
    ([HOST, ssl("off"), proto("https")], "https://a.test:8787"),
    ([HOST, ssl("on"), scheme("http"), proto("http")], "https://a.test:8787"),
    # X-Forwarded-Host: the last of a list, without the port of Host
    ([HOST, forwarded_host("b.test")], "http://b.test"),
    ([HOST, forwarded_host("b.test:99")], "http://b.test:99"),
    ([HOST, forwarded_host("b.test:80")], "http://b.test"),
    ([HOST, forwarded_host("b.test:443")], "http://b.test:443"),
    ([HOST, forwarded_host("B.test")], "http://B.test"),
    ([HOST, forwarded_host("b.test, c.test")], "http://c.test"),
    ([HOST, forwarded_host("b.test,c.test:99")], "http://c.test:99"),
    ([HOST, forwarded_host("b.test:99,c.test")], "http://c.test"),
    ([HOST, forwarded_host("b.test ,c.test")], "http://c.test"),
    ([HOST, forwarded_host("b.test,  c.test")], "http:// c.test"),
    ([HOST, forwarded_host("b.test"), forwarded_host("c.test")], "http://c.test"),
    ([HOST, forwarded_host(",b.test")], "http://b.test"),
    ([HOST, forwarded_host("b.test,")], "http://b.test"),
    ([HOST, forwarded_host("b.test,,")], "http://b.test"),
    ([HOST, forwarded_host("")], "http://a.test:8787"),
    ([HOST, forwarded_host("[::2]")], "http://[::2]"),
    ([HOST, forwarded_host("[::2]:99")], "http://[::2]:99"),
    ([HOST, forwarded_host("::2")], "http://::2"),
    ([HOST, forwarded_host("b.test;c.test")], "http://b.test;c.test"),
    ([HOST, forwarded_host("b.test/x")], "http://b.test/x"),
    ([HOST, forwarded_host("b.test:x")], "http://b.test:x"),
    ([HOST, forwarded_host("b.test: 99")], "http://b.test: 99"),
    ([HOST, forwarded_host("b.test"), proto("https")], "https://b.test"),
    ([HOST, forwarded_host("b.test:443"), proto("https")], "https://b.test"),
    ([HOST, forwarded_host("b.test:0443"), proto("https")], "https://b.test"),
    ([HOST, forwarded_host("b.test:80"), proto("https")], "https://b.test:80"),
    ([forwarded_host("b.test")], "http://b.test"),
    # X-Forwarded-Port, which nothing heeds
    ([HOST, forwarded_port("99")], "http://a.test:8787"),
    ([PLAIN, forwarded_port("99")], "http://a.test"),
    ([PLAIN, forwarded_port("443")], "http://a.test"),
    ([PLAIN, forwarded_port("x")], "http://a.test"),
    ([HOST, proto("https"), forwarded_port("443")], "https://a.test:8787"),
    ([PLAIN, proto("https"), forwarded_port("8443")], "https://a.test"),
    ([HOST, forwarded_host("b.test"), forwarded_port("99")], "http://b.test"),
    # Forwarded and others, which nothing heeds either
    ([HOST, ("Forwarded", "proto=https")], "http://a.test:8787"),
    ([HOST, ("Forwarded", "for=192.0.2.1;proto=https;host=b.test:99")], "http://a.test:8787"),
    ([HOST, ("Forwarded", "proto=https"), proto("http")], "http://a.test:8787"),
    ([HOST, ("Forwarded", "host=b.test"), forwarded_host("c.test")], "http://c.test"),
    ([HOST, ("Https", "on")], "http://a.test:8787"),
    ([HOST, ("Front-End-Https", "on")], "http://a.test:8787"),
    ([HOST, ("X-Url-Scheme", "https")], "http://a.test:8787"),
    ([HOST, ("X-Forwarded-Protocol", "https")], "http://a.test:8787"),
    ([HOST, ("X-Forwarded-Server", "b.test")], "http://a.test:8787"),
    ([HOST, ("X-Forwarded-Prefix", "/p")], "http://a.test:8787"),
]
"""What Rack 2.2.22 and Rails 6.1.7.10 behind Puma 5.6.5 (Debian 12) redirect to, less the path."""


def request(fields: Fields, *, named_url: str | None = None) -> Request:
    """Make a request with these headers."""
    headers = [(name.lower(), value) for name, value in fields]
    return Request(
        method="GET", raw_path="/", query=b"", headers=headers, body=b"", named_url=named_url
    )


@pytest.mark.parametrize(("fields", "origin"), MEASURED, ids=str)
def test_base_url_is_the_one_of_the_real_rack(fields: Fields, origin: str) -> None:
    """Scheme, host and port are read as Rack 2.2.22, Rails 6.1.7.10 and Puma 5.6.5 read them."""
    assert request(fields).base_url == origin


def test_list_of_no_hosts_is_none() -> None:
    """Where Rails fails on `X-Forwarded-Host: ,`, the fake goes by Host."""
    assert request([HOST, forwarded_host(",")]).base_url == "http://a.test:8787"


latin = st.text(st.characters(max_codepoint=255), max_size=30)
names = st.sampled_from([name for fields, _ in MEASURED for name, _ in fields])


@given(st.lists(st.tuples(names, latin), max_size=5))
def test_base_url_is_read_from_any_headers(fields: Fields) -> None:
    """Whatever the headers hold, there is a scheme that the fake knows."""
    assert request(fields).base_url.partition("://")[0] in ("http", "https")


@pytest.mark.parametrize(
    ("fields", "base_url"),
    [
        ([("Host", "fake.test:8443")], "https://fake.test:8443"),
        ([("Host", "FAKE.test:8443")], "https://fake.test:8443"),
        ([HOST, forwarded_host("fake.test:8443")], "https://fake.test:8443"),
        ([("Host", "fake.test")], "http://fake.test"),
        ([("Host", "livestorm:8787")], "http://livestorm:8787"),
    ],
)
def test_base_url_is_the_public_one_where_host_and_port_are(fields: Fields, base_url: str) -> None:
    """A proxy that tells no scheme is recognised by the public URL, and others keep their own."""
    assert request(fields, named_url="https://fake.test:8443").base_url == base_url


@pytest.mark.parametrize(
    ("origin", "accepted"),
    [
        ("https://fake.test", True),
        ("http://a.test:8787", True),
        ("http://fake.test", False),
        ("https://a.test:8787", False),
        ("null", False),
    ],
)
def test_browser_may_come_by_the_public_url(origin: str, accepted: bool) -> None:
    """The consent form may come from the public URL and from where it is sent to."""
    fields = [HOST, ("Origin", origin), ("X-CSRF-Token", global_token(SECRET, SECRET))]
    try:
        check_authenticity_token(request(fields, named_url="https://fake.test"), Session(SECRET))
    except UnprocessableEntity:
        assert not accepted
    else:
        assert accepted
