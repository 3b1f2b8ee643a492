"""Reading a fault from a scenario, the control API, Python or a request header."""

from collections.abc import Mapping, Sequence

from ..reading import InvalidInputError, MissingKeyError, expected_one_of, read_struct
from .answer import AnswerFault
from .api_error import APIErrorFault
from .barrier import BarrierFault
from .callback import CallbackFault
from .close import CloseFault
from .close_delimited import CloseDelimitedFault
from .cut_chunked import CutChunkedFault
from .cut_gzip import CutGzipFault
from .delay import DelayFault
from .drip import DripFault
from .endless_headers import EndlessHeadersFault
from .expired_token import ExpiredTokenFault
from .fault import Fault
from .garbage import GarbageFault
from .gzip_lie import GzipLieFault
from .hang import HangFault
from .html_page import HTMLPageFault
from .huge_body import HugeBodyFault
from .insufficient_scope import InsufficientScopeFault
from .oauth_error import OAuthErrorFault
from .rate_limited import RateLimitedFault
from .redirect import RedirectFault
from .reset import ResetFault
from .reset_in_body import ResetInBodyFault
from .revoked_grant import RevokedGrantFault
from .sequence import SequenceFault
from .short_body import ShortBodyFault
from .stale_keep_alive import StaleKeepAliveFault
from .token_body import TokenBodyFault
from .token_fields import TokenFieldsFault
from .truncated_json import TruncatedJSONFault
from .workspace_blocked import WorkspaceBlockedFault

KINDS: dict[str, type[Fault]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        AnswerFault,
        APIErrorFault,
        BarrierFault,
        CallbackFault,
        CloseFault,
        CloseDelimitedFault,
        CutChunkedFault,
        CutGzipFault,
        DelayFault,
        DripFault,
        EndlessHeadersFault,
        ExpiredTokenFault,
        GarbageFault,
        GzipLieFault,
        HangFault,
        HTMLPageFault,
        HugeBodyFault,
        InsufficientScopeFault,
        OAuthErrorFault,
        RateLimitedFault,
        RedirectFault,
        ResetFault,
        ResetInBodyFault,
        RevokedGrantFault,
        SequenceFault,
        ShortBodyFault,
        StaleKeepAliveFault,
        TokenBodyFault,
        TokenFieldsFault,
        TruncatedJSONFault,
        WorkspaceBlockedFault,
    )
}

HEADER = "x-livestorm-mock-fault"


def read_fault(
    keys: Mapping[str, object], labels: Sequence[str], *, where: str = "", strict: bool = True
) -> Fault:
    """Read a fault from its keys. Raises InvalidInputError with the key that is wrong.

    Without `strict`, numbers may be given as text.
    """
    fault = read_kind(keys, where=where, strict=strict)
    if fault.on not in labels:
        raise InvalidInputError(f"{where}on", fault.on, expected_one_of(fault.on, labels))
    return fault


def read_kind(keys: Mapping[str, object], *, where: str = "", strict: bool = True) -> Fault:
    """Read a fault for whatever endpoint. Raises InvalidInputError."""
    kind = keys.get("fault")
    expected = expected_one_of(kind, KINDS)
    if "fault" not in keys:
        raise MissingKeyError(f"{where}fault", expected)
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidInputError(f"{where}fault", kind, expected)
    fault = read_struct(keys, KINDS[kind], where=where, strict=strict)
    fault.check(where)
    return fault


def read_header(value: str, label: str, labels: Sequence[str]) -> Fault:
    """Read a request's own fault: `rate_limited; retry_after=2`. Raises InvalidInputError."""
    kind, *pairs = (part.strip() for part in value.split(";"))
    keys: dict[str, object] = {"on": label, "fault": kind}
    for pair in filter(None, pairs):
        name, _, text = pair.partition("=")
        keys[name.strip()] = text.strip().strip('"')
    return read_fault(keys, labels, where="X-Livestorm-Mock-Fault: ", strict=False)
