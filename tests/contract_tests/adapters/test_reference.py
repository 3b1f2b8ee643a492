"""The reference client's adapter, asked as a carrier asks it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from livestorm_contract_tests.adapters.reference import ReferenceAdapter
from livestorm_contract_tests.driving.in_process import InProcessCarrier
from livestorm_contract_tests.runs.catalogue import all_cases
from livestorm_contract_tests.runs.jobs import run_cases
from livestorm_contract_tests.suite.settings import Settings
from livestorm_contract_tests.suite.verdicts import Verdict
from livestorm_mock_server import MockLivestorm

Message = dict[str, Any]

BEGIN: Message = {"type": "command", "op": "begin"}


@pytest.fixture
def fake() -> Iterator[MockLivestorm]:
    """A fake with events."""
    with MockLivestorm("page_loop") as fake:
        yield fake


@pytest.fixture
def adapter(fake: MockLivestorm, tmp_path: Path) -> ReferenceAdapter:
    """The adapter at the beginning of a case, with an expired token."""
    adapter = ReferenceAdapter()
    config: Message = {
        "token_url": f"{fake.app_url}/oauth/token",
        "api_base": fake.api_url,
        "client_id": fake.client_id,
        "client_secret": fake.client_secret,
        "redirect_uri": fake.redirect_uri,
        "scopes": [],
        "ca_pem": None,
        "issuer": None,
        "store_dir": str(tmp_path),
        "budget": {"max_wait_ms": 10_000},
    }
    adapter.command({"id": 1, "type": "configure", "config": config})
    token = {**fake.issue_tokens(), "expires_at": 0}
    adapter.command({"id": 2, "type": "command", "op": "seed", "token": token})
    return adapter


def test_list_tells_its_pages(fake: MockLivestorm, adapter: ReferenceAdapter) -> None:
    """Two pages take three requests here, as the token has to be refreshed."""
    first = '{"data": [{"id": "0", "type": "events"}], "meta": {"next_page": 1}}'
    content_type = "application/vnd.api+json"
    fake.faults.arm("api.events", "answer", body=first, content_type=content_type, times=1)
    listing = {"type": "command", "op": "list", "path": "/events", "max_pages": 10}
    reply = adapter.command({"id": 3, **listing})
    assert reply == {"kind": "ok", "ids": ["0", "1"], "pages": 2}


def test_call_is_cancelled_while_it_refreshes() -> None:
    """The case is skipped where the call goes on to its end."""
    case = all_cases()["I04"]
    case = replace(case, variants=[one for one in case.variants if one.name == "cancelled"])
    settings = Settings(seed="1", workers=1)
    _, results = run_cases([case], lambda: InProcessCarrier(ReferenceAdapter), settings)
    assert [result.verdict for result in results] == [Verdict.PASS]


def test_command_is_cancelled_before_it_has_begun(adapter: ReferenceAdapter) -> None:
    """A `cancel` may overtake its command on the way through threads."""
    adapter.command({"id": 3, "type": "cancel"})
    assert adapter.command({**BEGIN, "id": 3}) == {"kind": "cancelled"}
    assert adapter.command({**BEGIN, "id": 4})["kind"] == "ok"


def test_cancellation_is_over_with_its_case(adapter: ReferenceAdapter) -> None:
    """What came too late for one command must not meet another one."""
    adapter.command({"id": 3, "type": "cancel"})
    adapter.command({"id": 4, "type": "configure", "config": adapter.config})
    assert adapter.command({**BEGIN, "id": 3})["kind"] == "ok"
