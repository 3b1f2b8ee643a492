"""Authorization codes at the token endpoint (RFC 6749, section 4.1.3)."""

from .rule import Noticed
from .sent import Sent
from .traffic import Traffic
from .wording import plural, shown

_LABEL = "token.authorization_code"


def different_redirect_uris(traffic: Traffic) -> Noticed:
    """Notice a redirect URI other than the one of the authorization request."""
    origin_of = _authorizations_by_code(traffic)
    for code, redemptions in traffic.with_text(_LABEL, "code").items():
        asked = code in origin_of and origin_of[code].text("redirect_uri")
        for sent in redemptions:
            if asked and (given := sent.text("redirect_uri")) != asked:
                yield _difference(asked, given), [origin_of[code], sent]


def codes_sent_twice(traffic: Traffic) -> Noticed:
    """Notice codes that are sent again, whatever became of the first attempt."""
    for code, sent in traffic.with_text(_LABEL, "code").items():
        if len(sent) > 1:
            times = f"code {shown(code)} is sent {plural(len(sent), 'time')}"
            yield f"{times}; {_fate(sent[0])}", sent


def _fate(first: Sent) -> str:
    if first.status != 200:
        return f"the first attempt failed: {first.outcome}"
    verb = "succeeded" if first.got_through else "may have failed"
    return f"the first attempt {verb}: {first.outcome}"


def _authorizations_by_code(traffic: Traffic) -> dict[str, Sent]:
    """Give the request, of client or browser, that each code is the answer to."""
    return {
        code: sent for sent in traffic.authorizations for code in sent.sent_back.get("code", ())
    }


def _difference(asked: str, given: str | None) -> str:
    if given is None:
        return "redirect_uri is missing, but the authorization request had one"
    same = zip(asked, given, strict=False)
    at = next((i for i, (a, b) in enumerate(same) if a != b), min(len(asked), len(given)))
    return f"redirect_uri differs from that of the authorization request at character {at + 1}"
