"""How hard a state is to guess."""

import secrets
import uuid

import pytest
from livestorm_mock_server.audit.guessing import why_guessable


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1", "hold at most 3 bits"),
        ("---", "hold at most 0 bits"),
        ("1795455000000", "hold at most 43 bits"),
        ("4f9a7c21e8b05d36", "hold at most 64 bits"),
        ("u7k2n9x4q8w1z5r3t6y0", "hold at most 103 bits"),
        ("aB3-aB3_aB3-aB3_aB3-a", "hold at most 126 bits"),
        ("a" * 60, "1 different character"),
        ("ab" * 30, "2 different characters"),
        ("Kx81mQ" * 7, "repeats itself"),
        ("Kx81mQ-" * 5 + "Kx8", "repeats itself"),
        ("abcdefghijklmnopqrstuvwxyz0123456789", "follow one another"),
        ("8f14e45f-ceea-11ee-a506-0242ac120002", "UUID of version 1"),
    ],
)
def test_guessable_text_is_explained(text: str, why: str) -> None:
    """What can be guessed is called so, with the reason."""
    assert why in str(why_guessable(text))


@pytest.mark.parametrize(
    "text",
    [
        secrets.token_urlsafe(32),
        secrets.token_hex(32),
        str(uuid.uuid4()),
        "9b1de8cf04a7362e5f80c1d79ae64b23",
        "kQ7-xv_0ZtLw93RjBm5HsA",
        "\u00e9\u4e2d\U0001f600" + secrets.token_urlsafe(32),
    ],
    ids=["urlsafe", "hex", "uuid4", "128-bit-hex", "128-bit-base64url", "not-ascii"],
)
def test_random_text_is_fine(text: str) -> None:
    """What is random is not called guessable."""
    assert why_guessable(text) is None


def test_change_at_the_end_is_explained() -> None:
    """The characters that differ are counted."""
    text = secrets.token_urlsafe(32)
    assert why_guessable(f"{text}7x", f"{text}6a") == (
        "only 2 characters differ from the one before"
    )


@pytest.mark.parametrize(
    "previous", ["", "short", secrets.token_urlsafe(32)], ids=["empty", "short", "random"]
)
def test_other_text_before_is_fine(previous: str) -> None:
    """A text that has nothing in common with the one before is not guessable from it."""
    assert why_guessable(secrets.token_urlsafe(32), previous) is None


def test_same_text_is_not_like_itself() -> None:
    """Equal texts are reused, which is another rule's subject."""
    text = secrets.token_urlsafe(32)
    assert why_guessable(text, text) is None
