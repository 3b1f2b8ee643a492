"""An ASGI application on uvicorn that answers with constant bytes: what the server alone costs."""

import sys
from typing import Any

import uvicorn

_BODY = b'{"access_token":"%b","token_type":"Bearer","expires_in":7200}' % (b"a" * 43)
_START = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(_BODY)),
    ],
}


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer at once."""
    await send(_START)
    await send({"type": "http.response.body", "body": _BODY})


if __name__ == "__main__":
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="error",
        access_log=False,
        lifespan="off",
    )
