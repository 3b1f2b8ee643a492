"""The application of a worker, which sees what other workers have done before it answers."""

from contextlib import suppress
from functools import partial
from typing import Any

from ..answering import answer_unavailable
from ..app import CONTROL, App, Receive, json_error, place_of, read_refused
from ..exchange import Exchange
from ..handshaking import SandboxHandshake
from ..pages.paths import HOME, PAGES
from ..rails.request import Request
from ..rails.response import Response
from ..refusal import ProtocolRefusal
from ..sandbox import NoSandboxError, Sandbox
from ..sending import Scope, Send, send_by_server
from ..shared.sandboxes import SharedSandboxes
from ..store.protocol import StoreUnavailableError


class SharedApp(App):
    """The application, over sandboxes that other processes have, too."""

    sandboxes: SharedSandboxes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = self.read_request(scope)
        place = place_of(request, scope["state"])
        sandbox_id, path = place.sandbox_id, request.raw_path.removeprefix(place.prefix)
        is_control = f"{path}/".startswith(f"{CONTROL}/")
        # Those need it as it is now; the provider sees to that as it opens the exchange.
        is_page = path in ("", HOME) or path.startswith(PAGES)
        try:
            if is_control or is_page or self.sandboxes.find(sandbox_id) is None:
                await self.sandboxes.look_up(sandbox_id)
        except StoreUnavailableError as error:
            if is_control:
                await send_by_server(send, json_error(503, str(error)))
            else:
                await send_by_server(send, self._unavailable(request, error))
            return
        await super().__call__(scope, receive, send)

    async def call_provider(
        self, sandbox: Sandbox, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer for the provider; where the sandbox is gone, for the one in its place."""
        try:
            await super().call_provider(sandbox, request, scope, receive, send)
        except NoSandboxError:
            await self._call_another(sandbox, request, scope, send)

    async def _call_another(
        self, gone: Sandbox, request: Request, scope: Scope, send: Send
    ) -> None:
        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": request.body}

        try:
            sandbox = await self.sandboxes.replace(gone.id, gone)
        except StoreUnavailableError as error:
            await send_by_server(send, self._unavailable(request, error))
            return
        if sandbox is None:
            await self.refuse(request, scope, send)
        else:
            await self.call_provider(sandbox, request, scope, receive, send)

    def _unavailable(self, request: Request, error: StoreUnavailableError) -> Response:
        default = self.sandboxes.default
        return answer_unavailable(Exchange(request=request, provider=default, now=0.0), error)

    def answer_whole(self, *request: object) -> None:
        """Leave each request to be answered once it is known what others have done."""

    def note_refusal(self, refusal: ProtocolRefusal) -> None:
        """Write down what the HTTP server refused, in a while."""
        self.sandboxes.later.do(lambda: self._note_refusal(refusal))

    async def _note_refusal(self, refusal: ProtocolRefusal) -> None:
        place = place_of(read_refused(refusal), refusal.state)
        await self._look_up_quietly(place.sandbox_id)
        super().note_refusal(refusal)

    async def begin_handshake(
        self, server_name: str | None, *, port: int, bound_to: str | None, can_be_struck: bool
    ) -> SandboxHandshake:
        """Begin a TLS handshake; where it can't be told what strikes it, nothing does."""
        await self._look_up_quietly(bound_to)
        begin = partial(super().begin_handshake, server_name, port=port, bound_to=bound_to)
        try:
            return await begin(can_be_struck=can_be_struck)
        except (NoSandboxError, StoreUnavailableError):
            return await begin(can_be_struck=False)

    async def _look_up_quietly(self, sandbox_id: str | None) -> None:
        """Have a sandbox as it is now, or as it was where the store does not answer."""
        with suppress(StoreUnavailableError):
            await self.sandboxes.look_up(sandbox_id)
