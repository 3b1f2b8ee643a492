"""All kinds of faults, by their names."""

from typing import get_args

import msgspec

from ..faults.answer import AnswerFault
from ..faults.api_error import APIErrorFault
from ..faults.barrier import BarrierFault
from ..faults.callback import CallbackFault
from ..faults.close import CloseFault
from ..faults.close_delimited import CloseDelimitedFault
from ..faults.cut_chunked import CutChunkedFault
from ..faults.cut_gzip import CutGzipFault
from ..faults.delay import DelayFault
from ..faults.drip import DripFault
from ..faults.endless_headers import EndlessHeadersFault
from ..faults.expired_token import ExpiredTokenFault
from ..faults.fault import Fault
from ..faults.garbage import GarbageFault
from ..faults.gzip_lie import GzipLieFault
from ..faults.hang import HangFault
from ..faults.html_page import HTMLPageFault
from ..faults.huge_body import HugeBodyFault
from ..faults.insufficient_scope import InsufficientScopeFault
from ..faults.oauth_error import OAuthErrorFault
from ..faults.rate_limited import RateLimitedFault
from ..faults.redirect import RedirectFault
from ..faults.reset import ResetFault
from ..faults.reset_in_body import ResetInBodyFault
from ..faults.revoked_grant import RevokedGrantFault
from ..faults.sequence import SequenceFault
from ..faults.short_body import ShortBodyFault
from ..faults.stale_keep_alive import StaleKeepAliveFault
from ..faults.tls import TLSFault
from ..faults.token_body import TokenBodyFault
from ..faults.token_fields import TokenFieldsFault
from ..faults.token_lifetime import TokenLifetimeFault
from ..faults.truncated_json import TruncatedJSONFault
from ..faults.workspace_blocked import WorkspaceBlockedFault

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
        TLSFault,
        TokenBodyFault,
        TokenFieldsFault,
        TokenLifetimeFault,
        TruncatedJSONFault,
        WorkspaceBlockedFault,
    )
}


def phases_of(kind: type[Fault]) -> tuple[str, ...]:
    """Give the phases in which a kind makes sense."""
    phase = next(one for one in msgspec.structs.fields(kind) if one.name == "phase")
    return get_args(phase.type)
