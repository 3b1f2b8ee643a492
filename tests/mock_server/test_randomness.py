"""Where tokens, codes and ids come from."""

import re
import uuid

from hypothesis import given
from hypothesis import strategies as st
from livestorm_mock_server.randomness import Randomness

seeds = st.integers() | st.text(st.characters(codec="utf-8"))


def draw(source: Randomness) -> tuple[object, ...]:
    """Draw one of each."""
    return source.token(), source.uuid(), source.hex(7), source.bytes(5), source.fraction()


@given(seed=seeds)
def test_same_seed_draws_the_same(seed: int | str) -> None:
    """With a seed, everything comes out the same, in the same order."""
    assert draw(Randomness(seed)) == draw(Randomness(seed))


@given(seed=seeds)
def test_seed_draws_different_values(seed: int | str) -> None:
    """One source does not repeat itself."""
    source = Randomness(seed)
    assert len({source.token() for _ in range(50)}) == 50


def test_without_a_seed_nothing_repeats() -> None:
    """Without a seed, two sources differ."""
    assert Randomness().token() != Randomness().token()


@given(seed=seeds)
def test_token_has_the_form_of_the_engines(seed: int | str) -> None:
    """A token is 43 characters of unpadded base64url."""
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", Randomness(seed).token())


@given(seed=seeds)
def test_uuid_is_one_of_version_4(seed: int | str) -> None:
    """An id is a random UUID in its usual form."""
    drawn = Randomness(seed).uuid()
    assert (uuid.UUID(drawn).version, str(uuid.UUID(drawn))) == (4, drawn)


@given(seed=seeds, length=st.integers(0, 40))
def test_values_have_the_length_asked_for(seed: int | str, length: int) -> None:
    """Bytes and digits are as many as asked for."""
    source = Randomness(seed)
    assert (len(source.bytes(length)), len(source.hex(length))) == (length, length)


@given(seed=seeds)
def test_fraction_lies_below_one(seed: int | str) -> None:
    """A fraction is a number from 0 up to 1."""
    assert 0 <= Randomness(seed).fraction() < 1
