"""The reference client for Livestorm's OAuth 2.0 API."""

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
from .stores import FileStore, MemoryStore, TokenStore
from .tokens import Tokens

__all__ = [
    "AccessDenied",
    "AsyncLivestormClient",
    "AuthorizationRequest",
    "ConfigurationError",
    "FileStore",
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
]
