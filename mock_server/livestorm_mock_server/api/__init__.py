"""Livestorm's API: `/v1/me`, `/v1/ping`, `/v1/organization`, and declared resources."""
