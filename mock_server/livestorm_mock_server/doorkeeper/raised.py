"""How an error leaves the engine: rendered, or raised past the renderer."""

from .errors import OAuthError


class Raised(Exception):
    """An OAuth error that the engine raises instead of rendering: its answer has no `Vary`."""

    def __init__(self, error: OAuthError) -> None:
        super().__init__(str(error))
        self.error = error
