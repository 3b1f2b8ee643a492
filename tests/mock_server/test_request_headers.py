"""How a request's headers are looked up."""

from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.rails.request import Request

NAMES = ("host", "x-a", "x_a", "x-a-b", "x_a-b", "x-a_b", "content-type", "content_type")
fields = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "1", "2", "a, b"])))


def walked(headers: list[tuple[str, str]], name: str) -> str | None:
    """Look through all headers, as Puma and Rack do."""
    exact = [value for key, value in headers if key == name]
    if not exact and name != "content-type":
        exact = [value for key, value in headers if key.replace("_", "-") == name]
    return ", ".join(exact) if exact else None


@given(headers=fields, name=st.sampled_from(NAMES))
def test_header_is_found_as_by_looking_at_each(headers: list[tuple[str, str]], name: str) -> None:
    """Several of a name are joined, and one with underscores counts where there is none without."""
    request = Request(method="GET", raw_path="/", query=b"", headers=headers, body=b"")
    assert request.header(name) == walked(headers, name)
