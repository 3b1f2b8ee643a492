"""How query strings and bodies become parameters."""

import json
from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from livestorm_mock_server.rails.errors import (
    BadRequest,
    InternalServerError,
    MalformedBody,
    RailsError,
)
from livestorm_mock_server.rails.parameters import (
    FORM_SEPARATOR,
    parse_flat,
    parse_form,
    parse_json,
    parse_multipart,
    parse_query,
    read_flat,
    read_nested,
)

from .fast_enough import assert_ends_soon

names = st.text(st.characters(codec="utf-8", exclude_characters="[]"), min_size=1, max_size=10)
texts = st.text(st.characters(codec="utf-8"), max_size=20)
flat = st.dictionaries(names, texts, max_size=6)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: (
        st.lists(inner.filter(lambda value: value is not None), max_size=3)
        | st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=10,
)


@given(parameters=flat)
def test_query_gives_back_what_was_encoded(parameters: dict[str, str]) -> None:
    """Form encoding is undone, whatever the characters."""
    assert parse_query(urlencode(parameters).encode()) == parameters


@given(parameters=flat)
def test_form_gives_back_what_was_encoded(parameters: dict[str, str]) -> None:
    """A form body is read as a query is."""
    assert parse_form(urlencode(parameters).encode()) == parameters


@given(parameters=flat)
def test_flat_query_gives_back_what_was_encoded(parameters: dict[str, str]) -> None:
    """Without nesting, each name has the list of its values."""
    wanted = {name: [value] for name, value in parameters.items()}
    assert parse_flat(urlencode(parameters)) == wanted


@given(query=st.binary(max_size=200))
def test_any_query_is_parsed_or_refused(query: bytes) -> None:
    """No bytes make the parser fail in another way than Rails does."""
    try:
        assert isinstance(parse_query(query), dict)
    except (BadRequest, InternalServerError):
        return


@given(names=st.lists(st.sampled_from(["a", "b", "[", "]", "[]", "[a]", "[b]", ".", " "])))
def test_any_nesting_is_parsed_or_refused(names: list[str]) -> None:
    """No brackets make the parser fail in another way than Rails does."""
    name = "".join(names)
    try:
        assert isinstance(parse_query(f"{name}=1&a[b]=2&{name}=3".encode()), dict)
    except (BadRequest, InternalServerError):
        return


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", {}),
        ("a", {"a": None}),
        ("a=", {"a": ""}),
        ("=1", {}),
        ("a=1&a=2", {"a": "2"}),
        ("a=1;b=2", {"a": "1", "b": "2"}),
        ("a[]=1&a[]=2", {"a": ["1", "2"]}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a[][b]=1&a[][c]=2&a[][b]=3", {"a": [{"b": "1", "c": "2"}, {"b": "3"}]}),
        ("a=%C3%A9+b%2B", {"a": "é b+"}),
        ("a=%00", {"a": "\0"}),
        ("&&a=1&&", {"a": "1"}),
    ],
)
def test_query_nests_as_in_rack(query: str, parameters: dict[str, object]) -> None:
    """Brackets nest, and the last of a repeated name wins."""
    assert parse_query(query.encode()) == parameters


def test_semicolon_does_not_separate_a_form() -> None:
    """In a body only `&` separates."""
    assert parse_form(b"a=1;b=2") == {"a": "1;b=2"}


@pytest.mark.parametrize(
    "query", ["a=%", "a=%z1", "%zz=1", "a=%ff", "a=1&a[b]=2", "a[b]=1&a[]=2", "a[]=1&a[b]=2"]
)
def test_query_that_rack_refuses_is_a_bad_request(query: str) -> None:
    """Bad encoding and conflicting nesting are a 400."""
    with pytest.raises(BadRequest):
        parse_query(query.encode())


SECRET = "s3cr3t-canary"
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="client_secret"\r\n\r\n%b\r\n--x--\r\n'


@pytest.mark.parametrize(
    ("parse", "told"),
    [
        (partial(parse_query, b"a=1&code=s3cr3t-canary%zz"), "%-encoding in the parameter code"),
        (partial(parse_query, b"a[b]=1&a[c]=s3cr3t-canary%"), "%-encoding in the parameter a[c]"),
        (partial(parse_query, b"a=1;code=s3cr3t-canary%ff"), "UTF-8 in the parameter code"),
        (partial(parse_form, b"code=s3cr3t-canary%ff"), "UTF-8 in the parameter code"),
        (partial(parse_form, b"code=s3cr3t-canary\xff"), "UTF-8 in the parameter code"),
        (partial(parse_form, b"a[]=s3cr3t-canary%ff"), "UTF-8 in the parameter a[]"),
        (partial(parse_json, b'{"a": {"code": "s3cr3t-canary\\ud800"}}'), "the parameter a[code]"),
        (partial(parse_json, b'"s3cr3t-canary\\ud800"'), "the parameter _json"),
        (partial(parse_multipart, MULTIPART % b"s3cr3t-canary\xff", "x"), "client_secret"),
    ],
)
def test_refusal_names_the_parameter_and_never_quotes_the_value(
    parse: Callable[[], object], told: str
) -> None:
    """Which one can't be read, and where it begins to be wrong, is told without what it holds."""
    with pytest.raises(BadRequest) as refused:
        parse()
    assert told in str(refused.value)
    assert str(refused.value).endswith(" 14")
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    "parse",
    [
        partial(parse_query, b"s3cr3t-canary%"),
        partial(parse_query, b"s3cr3t-canary%zz=1&a[b]=1"),
        partial(parse_query, b"s3cr3t-canary%ff=1"),
        partial(parse_query, b"%" + SECRET.encode() * 4 + b"=%zz"),
        partial(parse_query, SECRET.encode() * 4 + b"=%zz"),
        partial(parse_query, b"{0}=1&{0}[a]=1".replace(b"{0}", SECRET.encode() * 4)),
        partial(parse_query, b"{0}=1&{0}[]=1".replace(b"{0}", SECRET.encode() * 4)),
        partial(parse_json, b'{"s3cr3t-canary\\ud800": 1}'),
        partial(parse_json, b'{"s3cr3t-canary\\ud800": {}}'),
        partial(parse_multipart, MULTIPART.replace(b"client", b"s3cr3t-canary\xff"), "x"),
        partial(parse_json, b'{"a": "s3cr3t-canary'),
        partial(parse_json, b'{"a": "s3cr3t-canary\xff"}'),
    ],
)
def test_refusal_quotes_no_name_that_may_be_a_value(parse: Callable[[], object]) -> None:
    """A name that is odd, or as long as a token, may be a secret at a wrong place."""
    with pytest.raises(BadRequest) as refused:
        parse()
    assert SECRET not in str(refused.value)


def test_nesting_beyond_the_limit_is_the_engines_500() -> None:
    """More than a hundred levels make Rails fail."""
    with pytest.raises(InternalServerError):
        parse_query(b"a" + b"[a]" * 101 + b"=1")


@given(value=st.dictionaries(texts, json_values, max_size=4))
def test_json_object_gives_back_what_was_encoded(value: dict[str, object]) -> None:
    """A JSON object is its members."""
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@given(value=json_values.filter(lambda value: not isinstance(value, dict)))
def test_json_that_is_no_object_is_put_aside(value: object) -> None:
    """What is no object is found under `_json`."""
    assert parse_json(json.dumps(value).encode()) == {"_json": value}


@given(body=st.binary(max_size=200))
def test_any_json_body_is_parsed_or_refused(body: bytes) -> None:
    """No bytes make the JSON reader fail in another way than Rails does."""
    try:
        assert isinstance(parse_json(body), dict)
    except BadRequest:
        return


def test_nulls_in_a_list_are_dropped() -> None:
    """Rails takes nulls out of the lists of a JSON body."""
    assert parse_json(b'{"a": [null, 1, [null]], "b": null}') == {"a": [1, []], "b": None}


def test_comments_in_json_are_skipped() -> None:
    """Ruby's JSON takes comments, but not within a text."""
    assert parse_json(b'/* a */ {"a": "/* b */"} // c') == {"a": "/* b */"}


@pytest.mark.parametrize("body", [b"{", b"NaN", b"[Infinity]", b"\xff", b"", b"9" * 5000])
def test_malformed_json_is_noticed(body: bytes) -> None:
    """What is no JSON is refused."""
    with pytest.raises(MalformedBody):
        parse_json(body)


def test_json_nested_beyond_the_limit_is_refused() -> None:
    """More than a hundred levels are refused, as by Ruby's JSON."""
    with pytest.raises(MalformedBody):
        parse_json(b"[" * 101 + b"]" * 101)


@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_json_without_an_end_is_refused(bracket: bytes) -> None:
    """Nesting beyond Python's own limit is refused as well."""
    with pytest.raises(MalformedBody):
        parse_json(bracket * 100_000)


@pytest.mark.parametrize("body", ["b'/* ' * 60_000", "b'\"' + b'\\\\\"' * 60_000"])
def test_json_of_comments_or_quotes_is_refused_soon(body: str) -> None:
    """The time for a body grows with its length, not with the square of it."""
    assert_ends_soon(
        "import contextlib\n"
        "from livestorm_mock_server.rails.errors import BadRequest\n"
        "from livestorm_mock_server.rails.parameters import parse_json\n"
        f"with contextlib.suppress(BadRequest): parse_json({body})\n"
    )


@given(
    fields=st.dictionaries(st.text("abc", min_size=1, max_size=3), st.text("abc \n", max_size=9))
)
def test_multipart_gives_back_its_fields(fields: dict[str, str]) -> None:
    """The parts of a body are its parameters."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    assert parse_multipart("".join([*parts, "--x--\r\n"]).encode(), "x") == fields


@settings(max_examples=50)
@given(body=st.binary(max_size=200))
def test_multipart_without_its_end_holds_nothing(body: bytes) -> None:
    """A body that does not reach its end has no parameters."""
    assert parse_multipart(b"--x\r\n" + body.replace(b"x", b""), "x") == {}


@settings(max_examples=300)
@given(
    parts=st.lists(
        st.sampled_from(
            [" ", *"a b= = & & a=1 [ [] ] + %20 %5B %C3%A9 %FF % ; \u00e9 \0 =%2F %41".split(" ")]
        ),
        max_size=12,
    )
)
def test_flat_form_is_read_as_a_nested_one(parts: list[str]) -> None:
    """The short way to plain parameters comes to the same as the long one, errors included."""
    encoded = "".join(parts).encode()
    assert outcome(lambda: read_flat(encoded)) in (
        None,
        outcome(lambda: read_nested(FORM_SEPARATOR, encoded)),
    )


def test_plain_form_is_read_the_short_way() -> None:
    """What clients send to the token endpoint needs no closer look."""
    body = (
        b"grant_type=authorization_code&code=a-b_c&scope=a+b"
        b"&redirect_uri=http%3A%2F%2Flocalhost%2Fcb"
    )
    assert read_flat(body) == {
        "grant_type": "authorization_code",
        "code": "a-b_c",
        "redirect_uri": "http://localhost/cb",
        "scope": "a b",
    }


def outcome(read: Callable[[], object]) -> object:
    """Give what is read, in order, or what kind of error there is."""
    try:
        found = read()
    except RailsError as error:
        return type(error)
    return list(found.items()) if isinstance(found, dict) else found
