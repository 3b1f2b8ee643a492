"""What in a reply is the client's, and what the adapter's."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livestorm_contract_tests.driving.client_values import CLIENT_VALUES
from livestorm_contract_tests.driving.messages import (
    BadMessage,
    CallTold,
    ErrorTold,
    Features,
    Reply,
    StoredToken,
    read_reply,
)

STRUCTS: dict[str, type[msgspec.Struct]] = {
    "": Reply,
    "error": ErrorTold,
    "token": StoredToken,
    "results": CallTold,
    "results.error": ErrorTold,
}
OWN = {
    "": {"kind", "reason", "error", "results", "token", "misfits"},
    "error": {"class", "message", "repr", "trace"},
    "token": set[str](),
    "results": {"kind", "error"},
    "results.error": {"class", "message", "repr", "trace"},
}
"""What the adapter writes itself."""


def replied(**members: object) -> Reply:
    """Read a reply that is ok."""
    return read_reply({"kind": "ok", **members}, Features())


@pytest.mark.parametrize("place", CLIENT_VALUES)
def test_each_member_is_the_clients_or_the_adapters(place: str) -> None:
    """A member that comes new has to be in one of the two tables."""
    names = {field.encode_name for field in msgspec.structs.fields(STRUCTS[place])}
    assert (set(CLIENT_VALUES[place]) | OWN[place], set(CLIENT_VALUES[place]) & OWN[place]) == (
        names,
        set(),
    )


@pytest.mark.parametrize(
    ("members", "told"),
    [
        (
            {"token": {"expires_at": "7200"}},
            'token.expires_at is "7200", expected a number',
        ),
        ({"token": {"access_token": 5}}, "token.access_token is 5, expected a text"),
        ({"token": {"refresh_token": False}}, "token.refresh_token is false, expected a text"),
        ({"token": {"scope": ["a", "b"]}}, 'token.scope is ["a","b"], expected a text'),
        ({"needs_reauth": None}, "needs_reauth is null, expected true or false"),
        ({"http_status": "200"}, 'http_status is "200", expected a whole number'),
        ({"not_before_s": "2"}, 'not_before_s is "2", expected a number'),
        ({"authorize_url": {}}, "authorize_url is {}, expected a text"),
        ({"pages": 1.5}, "pages is 1.5, expected a whole number"),
        ({"ids": [None]}, "ids is [null], expected a list of texts or whole numbers"),
        ({"error": {"code": 401}}, "error.code is 401, expected a text"),
        (
            {"results": [{"kind": "ok"}, {"kind": "bug", "error": {"http_status": "x"}}]},
            'results.error.http_status is "x", expected a whole number',
        ),
    ],
)
def test_odd_value_of_the_client_is_told(members: dict[str, object], told: str) -> None:
    """With its place, as it is and as it should be; the rest of the reply is read."""
    assert replied(**members).misfits == (told,)


def test_odd_value_is_left_out_and_the_others_are_kept() -> None:
    """What was wrong counts as unknown."""
    reply = replied(token={"access_token": "sha256:1", "expires_at": "7200"})
    assert reply.token == StoredToken(access_token="sha256:1")


@pytest.mark.parametrize(
    "members",
    [
        {"kind": "splendid"},
        {"kind": 5},
        {"token": "sha256:1"},
        {"error": "boom"},
        {"error": {"message": 5}},
        {"results": {"kind": "ok"}},
        {"results": [{"kind": "splendid"}]},
        {"reason": 5},
    ],
)
def test_what_the_adapter_writes_itself_has_to_fit(members: dict[str, object]) -> None:
    """That is a mistake of the adapter's, and nothing is known of the client."""
    with pytest.raises(BadMessage):
        replied(**members)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none())


@given(place=st.sampled_from(["token", "error"]), value=VALUES, data=st.data())
def test_no_value_of_the_client_is_a_bad_message(
    place: str, value: object, data: st.DataObject
) -> None:
    """Whatever it is, it is either read or told; and told with at most a line."""
    name = data.draw(st.sampled_from(sorted(CLIENT_VALUES[place])))
    reply = replied(**{place: {name: value}})
    assert len(reply.misfits) <= 1
    assert all(len(told) < 200 and "\n" not in told for told in reply.misfits)


def test_member_that_is_called_misfits_is_none_of_the_protocol() -> None:
    """An adapter can't say so itself."""
    assert replied(misfits=["x"]).misfits == ()
