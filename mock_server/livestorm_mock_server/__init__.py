"""A faithful fake of Livestorm's OAuth 2.0 provider and API, with failures on demand."""
