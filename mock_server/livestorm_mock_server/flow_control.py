"""When a connection is read on."""

import asyncio

from uvicorn.protocols.http.flow_control import FlowControl

from .request_parser import RequestParser


class Flow(FlowControl):
    """Reads on, unless much already waits behind a request that is not answered."""

    def __init__(self, transport: asyncio.Transport, parser: RequestParser) -> None:
        super().__init__(transport)
        self._parser = parser

    def resume_reading(self) -> None:
        """Read on, where there is room."""
        if not self._parser.is_full:
            super().resume_reading()
