"""The report counts what agrees and writes only between its markers."""

import pytest

from .comparison import Difference
from .endpoints import endpoint_of
from .exclusions import Outcome
from .recordings import Case, Exchange, Request
from .replayer import Finding, Verdict
from .report import details, section, summary, table


def case_asking(method: str, target: str, body: str | None = None) -> Case:
    """Define a case that asks for a code and then sends one request."""
    authorize = Exchange(request=Request(method="GET", target="/oauth/authorize?client_id=x"))
    asking = Exchange(request=Request(method=method, target=target, body=body))
    return Case(name=target, exchanges=(authorize, asking))


@pytest.fixture
def outcomes() -> dict[str, Outcome]:
    """One case that agrees, one that differs, one that is excluded."""
    agreeing = Verdict(case=case_asking("GET", "/v1/me"), findings=())
    finding = Finding(
        case="c", exchange="1", difference=Difference(what="status", expected="1", actual="2")
    )
    differing = Verdict(case=case_asking("GET", "/v1/any_of"), findings=(finding,))
    outcome = Outcome(agreeing=(agreeing,), differing=(differing,), excluded=(differing,), stale=())
    return {"5.5": outcome}


@pytest.mark.parametrize(
    ("method", "target", "body", "endpoint"),
    [
        ("GET", "/oauth/authorize/native", None, "authorize"),
        ("POST", "/oauth/token", "grant_type=authorization_code", "token: authorization_code"),
        ("POST", "/oauth/token", '{"grant_type":"refresh_token"}', "token: refresh_token"),
        ("POST", "/oauth/token.json", "grant_type=password", "token: other grants"),
        ("POST", "/oauth/revoke", "token=x", "revoke"),
        ("POST", "/oauth/introspect", "token=x", "introspect"),
        ("GET", "/oauth/token/info", None, "token/info"),
        ("GET", "/v1/me", None, "protected resources"),
        ("GET", "/oauth/authorized_applications", None, "other routes"),
    ],
)
def test_case_is_about_an_endpoint(
    method: str, target: str, body: str | None, endpoint: str
) -> None:
    """A case belongs to the endpoint that it asks after the code was issued."""
    assert endpoint_of(case_asking(method, target, body)) == endpoint


def test_summary_counts_cases(outcomes: dict[str, Outcome]) -> None:
    """Each release has one line with the number of agreeing and of recorded cases."""
    assert summary(outcomes) == ["5.5: 1 of 3 recorded cases agree (1 excluded)"]


def test_table_counts_per_endpoint(outcomes: dict[str, Outcome]) -> None:
    """A row shows agreeing, differing and excluded cases of an endpoint."""
    assert "| protected resources | 1 / 1 / 1 |" in table(outcomes)


def test_details_name_findings(outcomes: dict[str, Outcome]) -> None:
    """Each finding is listed with its release, case and exchange."""
    assert details(outcomes) == ["5.5 c [1] status: expected 1, got 2"]


def test_section_has_summary_and_table(outcomes: dict[str, Outcome]) -> None:
    """The lines of the page are those of the report, as Markdown."""
    lines = section(outcomes).splitlines()
    assert lines[0] == "- **5.5**: 1 of 3 recorded cases agree (1 excluded)"
    assert lines[4:] == table(outcomes)
