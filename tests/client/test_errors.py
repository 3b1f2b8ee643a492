"""The error tree."""

import pickle

import pytest
from livestorm_client import errors


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.AccessDenied, "denied"),
        (errors.ReauthorizationRequired, "reauth_required"),
        (errors.ConfigurationError, "config_error"),
        (errors.RetryLater, "retry_later"),
        (errors.RateLimited, "retry_later"),
        (errors.ProtocolError, "protocol_error"),
        (errors.TransportError, "transport_error"),
        (errors.SecurityError, "security_error"),
    ],
)
def test_kind_is_the_outcome(error: type[errors.LivestormError], kind: str) -> None:
    """Each class names its outcome, stands in the docstring's tree and has one base."""
    assert error.kind == kind
    assert error.__name__ in (errors.__doc__ or "")
    assert issubclass(error, errors.LivestormError)


def test_subclass_names_its_outcome() -> None:
    """A kind that is given with a class is its objects'."""

    class TooLate(errors.LivestormError, kind="too_late"):
        pass

    assert TooLate("sorry").kind == "too_late"


def test_pickling_keeps_what_the_error_carries() -> None:
    """An error that crosses a process boundary keeps status, code and retry_after."""
    sent = errors.RateLimited("slow down", status=429, code="slow", retry_after=2.0)
    received = pickle.loads(pickle.dumps(sent))  # noqa: S301
    assert (received.args, received.status) == (("slow down",), 429)
    assert (received.code, received.retry_after) == ("slow", 2.0)
