"""`POST .../bulk`: many items at once, by a job that runs on the virtual clock."""

from collections.abc import Mapping

from ...collections.content import FAILED
from ...collections.declared import JOB, JOBS, TASKS
from ...collections.item import Item
from ...rails.response import Response
from ..errors import render_document
from .asked import Asked
from .body import read_data
from .documents import Shown
from .refusals import Refused, invalid, malformed
from .registration import read_attributes
from .rules import check_allowance, check_item

MOST_TASKS = 50


async def create_in_bulk(asked: Asked) -> Response:
    """Begin a job, whose tasks each add an item once it is over."""
    exchange, content = asked.exchange, asked.content
    tasks = _read_tasks(asked)
    check_allowance(exchange, asked.collection.kind, len(tasks))
    ends_at = exchange.now + exchange.options.job_seconds
    drafts = [_draft(asked, task, ends_at) for task in tasks]
    job = content.create(JOBS, {"status": "pending"})
    for draft in drafts:
        task = content.create(TASKS, {"status": "pending"}, {JOB: job.id})
        if isinstance(draft, str):
            content.plan_change(ends_at, TASKS, task.id, FAILED | {"error": draft})
        elif exchange.options.job_status == "failed":
            content.plan_change(ends_at, TASKS, task.id, FAILED)
        else:
            content.plan_item(ends_at, asked.collection.kind.type, draft, task=task.id)
    content.plan_change(ends_at, JOBS, job.id, {"status": exchange.options.job_status})
    shown = Shown(content, asked.caller.organization)
    return render_document(exchange, shown.document(content.kind(JOBS), job, ()), status=202)


def _read_tasks(asked: Asked) -> list[Mapping[str, object]]:
    attributes = read_data(asked.exchange, JOBS).get("attributes")
    tasks = attributes.get("tasks") if isinstance(attributes, dict) else None
    if not isinstance(tasks, list) or not all(isinstance(one, dict) for one in tasks):
        raise malformed("data.attributes.tasks is no list of objects")
    if not 1 <= len(tasks) <= MOST_TASKS:
        raise invalid("tasks", f"are {len(tasks)}; from 1 to {MOST_TASKS} can be done at once")
    return tasks


def _draft(asked: Asked, task: Mapping[str, object], at: float) -> Item | str:
    """Give what a task adds at a time, or why it can't. Raises Refused where that is told now."""
    kind = asked.collection.kind
    try:
        attributes = read_attributes(kind, task)
        draft = asked.content.new_item(kind.type, attributes, asked.inherited(), at=at)
        check_item(asked.exchange, kind, draft)
    except Refused as refused:
        if asked.exchange.options.bulk_mistakes == "refused":
            raise
        return refused.detail
    return draft
