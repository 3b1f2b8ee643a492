"""The reference client for Livestorm's OAuth 2.0 API."""
