"""The kinds that strike by themselves; `sequence` is made of them."""

from collections.abc import Mapping

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
from .short_body import ShortBodyFault
from .stale_keep_alive import StaleKeepAliveFault
from .token_body import TokenBodyFault
from .token_fields import TokenFieldsFault
from .truncated_json import TruncatedJSONFault
from .workspace_blocked import WorkspaceBlockedFault

SINGLE_KINDS: dict[str, type[Fault]] = {
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
        ShortBodyFault,
        StaleKeepAliveFault,
        TokenBodyFault,
        TokenFieldsFault,
        TruncatedJSONFault,
        WorkspaceBlockedFault,
    )
}


def read_kind_among(
    kinds: Mapping[str, type[Fault]],
    keys: Mapping[str, object],
    *,
    where: str = "",
    strict: bool = True,
) -> Fault:
    """Read a fault of one of the kinds, for whatever endpoint. Raises InvalidInputError."""
    kind = keys.get("fault")
    expected = expected_one_of(kind, kinds)
    if "fault" not in keys:
        raise MissingKeyError(f"{where}fault", expected)
    if not isinstance(kind, str) or kind not in kinds:
        raise InvalidInputError(f"{where}fault", kind, expected)
    fault = read_struct(keys, kinds[kind], where=where, strict=strict)
    fault.check(where)
    return fault
