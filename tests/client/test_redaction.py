"""Making text safe to show."""

from hypothesis import given
from hypothesis import strategies as st
from livestorm_client.redaction import redact

SECRETS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8)


@given(before=st.text(), secret=SECRETS, after=st.text())
def test_redact_leaves_no_secret(before: str, secret: str, after: str) -> None:
    """Wherever a secret stands, it is gone, and the text is short and printable."""
    shown = redact(before + secret + after, [None, "", secret])
    assert secret not in shown
    assert len(shown) <= 200
    assert shown.isprintable()


def test_redact_masks_split_and_encoded_secrets() -> None:
    """Neither a line break inside the secret nor form encoding lets it through."""
    assert redact("a se/cr\net b se%2Fcret", ["se/cret"]) == "a *** b ***"
