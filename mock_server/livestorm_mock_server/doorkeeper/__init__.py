"""The OAuth 2.0 engine behind Livestorm's `/oauth/*`: Doorkeeper, in four releases."""
