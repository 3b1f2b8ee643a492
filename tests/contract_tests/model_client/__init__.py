"""A client that does everything right, in parts that a broken client replaces."""
