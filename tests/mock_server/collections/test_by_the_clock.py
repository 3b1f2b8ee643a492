"""What happens at a time of the virtual clock: when it is stamped, and whom the plan counts."""

import json
from typing import Any

from livestorm_mock_server import collection_items
from livestorm_mock_server.scenario_files import load_scenario, with_options

from .in_process import Near, done

EMAIL = "zoe@example.test"


def workspace(**options: object) -> Near:
    """Give the workspace, with its clock at rest."""
    near = Near(with_options(load_scenario("workspace"), {"rate_limits": False, **options}))
    near.sandbox.clock.freeze()
    return near


def session(near: Near, status: str = "upcoming") -> str:
    """Give the first session with a status."""
    found = near.get("sessions", **{"filter[status]": status})["data"]
    return str(found[0]["id"])


def fields(email: str) -> dict[str, object]:
    """Give the attributes of a registration."""
    return {"fields": [{"id": "email", "value": email}]}


def register(near: Near, session_id: str, email: str) -> int:
    """Register one person; give the status."""
    data = {"type": "people", "attributes": fields(email)}
    return near.send("POST", f"sessions/{session_id}/people", {"data": data}).status


def register_all(near: Near, session_id: str, *emails: str) -> Any:
    """Begin a job that registers people."""
    data = {"type": "jobs", "attributes": {"tasks": [fields(one) for one in emails]}}
    answer = near.send("POST", f"sessions/{session_id}/people/bulk", {"data": data})
    assert answer.status == 202, answer.body
    return json.loads(answer.body)["data"]["id"]


def test_what_happens_by_the_clock_is_stamped_with_its_time() -> None:
    """A job, its tasks and its people have the time of its end, whenever somebody looks."""
    near = workspace(job_seconds=5)
    job = register_all(near, session(near), EMAIL)
    ended = int(near.sandbox.clock.now()) + 5
    near.sandbox.clock.advance(3600)
    (task,) = near.get(f"jobs/{job}/tasks")["data"]
    for shown in (near.get(f"jobs/{job}")["data"], task):
        assert shown["attributes"]["status"] == "ended"
        assert shown["attributes"].get("updated_at", ended) == ended
    assert near.get(f"jobs/{job}")["data"]["attributes"]["updated_at"] == ended


def test_session_is_stamped_when_it_begins() -> None:
    """A session that began long ago was changed then."""
    near = workspace()
    item_id, begins = session(near), int(near.sandbox.clock.now()) + 60
    done(collection_items.change_item(near.sandbox, "sessions", item_id, {"started_at": begins}))
    near.sandbox.clock.advance(3600)
    shown = near.get(f"sessions/{item_id}")["data"]["attributes"]
    assert (shown["status"], shown["updated_at"]) == ("live", begins)


def test_those_of_a_job_use_the_allowance() -> None:
    """Who is registered by a job that has not ended is counted, and once it has, too."""
    near = workspace()
    allowed = near.sandbox.collections.count_contacts("people") + 2
    near = workspace(active_contacts=allowed, job_seconds=5)
    upcoming = session(near)
    register_all(near, upcoming, "a@x.test", "b@x.test")
    assert register(near, upcoming, EMAIL) == 402
    near.sandbox.clock.advance(5)
    assert register(near, upcoming, EMAIL) == 402
    assert near.sandbox.collections.count_contacts("people") == allowed


def test_failed_job_uses_no_allowance() -> None:
    """Who will not be registered is not counted."""
    near = workspace(job_status="failed")
    before = near.sandbox.collections.count_contacts("people")
    register_all(near, session(near), EMAIL)
    assert near.sandbox.collections.count_contacts("people") == before


def test_nobody_is_registered_to_a_session_that_is_gone() -> None:
    """Where the session is deleted meanwhile, its tasks fail, and say why."""
    near = workspace(job_seconds=5)
    upcoming = session(near)
    job = register_all(near, upcoming, EMAIL)
    before = len(near.sandbox.collections.all("people"))
    done(collection_items.delete_item(near.sandbox, "sessions", upcoming))
    near.sandbox.clock.advance(5)
    (task,) = near.get(f"jobs/{job}/tasks")["data"]
    assert (task["attributes"]["status"], task["attributes"]["error"]) == (
        "failed",
        "session leads to no item of the type sessions",
    )
    assert len(near.sandbox.collections.all("people")) == before
