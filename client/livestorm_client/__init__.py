"""The reference client for Livestorm's OAuth 2.0 API."""

from .answer import Answer
from .authorization import AuthorizationRequest
from .client import AsyncLivestormClient, LivestormClient
from .errors import (
    AccessDenied,
    ConfigurationError,
    LivestormError,
    ProtocolError,
    RateLimited,
    ReauthorizationRequired,
    RetryLater,
    SecurityError,
    TransportError,
)
from .loopback import receive_callback
from .stores import FileStore, KeyringStore, MemoryStore, TokenStore
from .tokens import Tokens

__all__ = [
    "AccessDenied",
    "Answer",
    "AsyncLivestormClient",
    "AuthorizationRequest",
    "ConfigurationError",
    "FileStore",
    "KeyringStore",
    "LivestormClient",
    "LivestormError",
    "MemoryStore",
    "ProtocolError",
    "RateLimited",
    "ReauthorizationRequired",
    "RetryLater",
    "SecurityError",
    "TokenStore",
    "Tokens",
    "TransportError",
    "receive_callback",
]
