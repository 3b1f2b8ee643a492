"""From answers that were no success to faults: where they struck, after how many, how often."""

import email.utils
from collections.abc import Sequence

import msgspec

from ..faults.fault import is_within
from ..rails.response import dump_json
from .archive import Recorded
from .bodies import Cleaner, content_type_of, is_html, json_of
from .rotation import token_answer
from .routes import Exchange

Keys = dict[str, object]


class FaultSeen(msgspec.Struct, kw_only=True):
    """A fault of the scenario."""

    on: str
    method: str | None
    keys: Keys
    """The kind and its parameters."""
    after: int
    times: int
    places: list[str]
    """The entries of the recording in which it struck."""
    is_open: bool = True
    """Whether the next request would be struck, too, if it struck once more."""

    def meets(self, one: Exchange) -> bool:
        """Tell whether a request is one of those that it counts."""
        assert one.label is not None
        return is_within(one.label, self.on) and self.method in (None, one.method)

    def as_entry(self) -> Keys:
        """Give the keys of the `[[faults]]` entry."""
        after = {"after": self.after} if self.after else {}
        when = {"when": {"method": self.method}} if self.method else {}
        return {"on": self.on, **self.keys, **after, "times": self.times, **when}


def faults_of(exchanges: Sequence[Exchange], cleaner: Cleaner) -> list[FaultSeen]:
    """Give the faults by which the same requests, in the same order, get the same statuses.

    A request that a fault strikes is not counted by those behind it, so that each has passed as
    many as came by unharmed.
    """
    faults: list[FaultSeen] = []
    passed: list[Exchange] = []
    methods = _methods(exchanges)
    for one in exchanges:
        assert one.label is not None
        keys = None if _is_usual(one) else _keys(one, cleaner)
        if keys is None:
            passed.append(one)
            _close(faults, one, up_to=len(faults))
            continue
        index = next((i for i, f in enumerate(faults) if _goes_on(f, one, keys)), None)
        if index is None:
            method = one.method if len(methods[one.label]) > 1 else None
            fault = FaultSeen(on=one.label, method=method, keys=keys, after=0, times=0, places=[])
            fault.after = sum(map(fault.meets, passed))
            index = len(faults)
            faults.append(fault)
        faults[index].times += 1
        faults[index].places.append(one.recorded.where)
        _close(faults, one, up_to=index)
    return faults


def _methods(exchanges: Sequence[Exchange]) -> dict[str, set[str]]:
    """Give the verbs that came to what a fault on a label would count."""
    by_label: dict[str, set[str]] = {}
    for one in exchanges:
        assert one.label is not None
        by_label.setdefault(one.label, set()).add(one.method)
    return {
        label: set().union(*(those for other, those in by_label.items() if is_within(other, label)))
        for label in by_label
    }


def _goes_on(fault: FaultSeen, one: Exchange, keys: Keys) -> bool:
    return fault.is_open and fault.keys == keys and fault.on == one.label and fault.meets(one)


def _close(faults: Sequence[FaultSeen], one: Exchange, *, up_to: int) -> None:
    """Have no fault strike once more that would have struck this request then."""
    for fault in faults[:up_to]:
        if fault.is_open and fault.meets(one):
            fault.is_open = False


def _is_usual(one: Exchange) -> bool:
    """Tell whether the endpoint answers so by itself."""
    if one.status not in one.usual:
        return False
    if (one.label or "").startswith("token.") and one.is_good:
        return token_answer(one) is not None
    return True


def _keys(one: Exchange, cleaner: Cleaner) -> Keys | None:
    """Give a fault that answers so; None where only the endpoint can, by what it was sent."""
    recorded = one.recorded
    if one.label == "token" and one.status in (400, 401):
        return None
    if one.status == 0:
        return _broken(recorded)
    retry = _date_of(recorded)
    if one.status == 429 and retry is not None:
        shape = "html" if is_html(recorded) else "jsonapi" if recorded.body else "empty"
        form = {"retry_after": retry, "retry_after_form": "http_date"}
        return {"fault": "rate_limited", **form, "shape": shape}
    if is_html(recorded):
        return {"fault": "html_page", "status": one.status}
    return {"fault": "answer", "status": one.status, **_answer(recorded, cleaner)}


def _broken(recorded: Recorded) -> Keys:
    """Give the fault by which no answer comes."""
    if "timed_out" in recorded.error or "hang" in recorded.error:
        return {"fault": "hang"}
    return {"fault": "reset" if "reset" in recorded.error else "close"}


def _answer(recorded: Recorded, cleaner: Cleaner) -> Keys:
    keys: Keys = {}
    if (content_type := content_type_of(recorded)) is not None:
        keys["content_type"] = content_type
    if headers := cleaner.headers(recorded):
        keys["headers"] = headers
    value = json_of(recorded)
    if value is not None:
        keys["body"] = dump_json(cleaner.value(value, is_error=True))
    elif recorded.body:
        keys["body"] = cleaner.beginning(recorded.body)
    return keys


def _date_of(recorded: Recorded) -> int | None:
    """Give the seconds until a `Retry-After` that is a date."""
    try:
        until = email.utils.parsedate_to_datetime(recorded.header("retry-after") or "")
        told = recorded.header("date")
        now = email.utils.parsedate_to_datetime(told).timestamp() if told else recorded.at
        seconds = round(until.timestamp() - now)
    except (TypeError, ValueError, OverflowError):
        return None
    return max(-(10**9), min(seconds, 10**9))
