"""What a client may make of an answer."""
