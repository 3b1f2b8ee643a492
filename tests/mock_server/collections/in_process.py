"""Requests to a sandbox of this process, without a socket."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlencode

from livestorm_mock_server import Scenario
from livestorm_mock_server.answering import answer
from livestorm_mock_server.rails.request import Request
from livestorm_mock_server.rails.response import Response
from livestorm_mock_server.sandbox import Sandbox, open_sandbox

T = TypeVar("T")


class Near:
    """A sandbox, and the API that it answers with; nothing waits for anything."""

    def __init__(self, scenario: Scenario) -> None:
        self.sandbox: Sandbox = asyncio.run(open_sandbox(scenario, seed="near"))

    def send(self, method: str, path: str, body: object = None, /, **query: object) -> Response:
        """Send a request with the private token."""
        return self.send_query(method, path, urlencode(query), body)

    def send_query(self, method: str, path: str, query: str, body: object = None) -> Response:
        """Send a request with a query as it stands."""
        request = Request(
            method=method,
            raw_path=f"/v1/{path}",
            query=query.encode(),
            headers=[("host", "x"), ("authorization", self.sandbox.signing.private_token)],
            body=b"" if body is None else json.dumps(body).encode(),
        )
        answering = answer(self.sandbox, request)
        try:
            answering.send(None)
        except StopIteration as end:
            response: Response = end.value[1]
            return response
        raise AssertionError("the answer waits for something")

    def get(self, path: str, /, **query: object) -> Any:
        """Get a document, of which there must be one."""
        response = self.send("GET", path, **query)
        assert response.status == 200, response.body
        return json.loads(response.body)


def done(action: Coroutine[object, object, T]) -> T:
    """Give what an action comes to that waits for nothing."""
    try:
        action.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("the action waits for something")
