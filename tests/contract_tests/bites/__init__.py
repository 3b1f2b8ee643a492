"""The suite bites: for each check a client that fails it, as a real one has."""
