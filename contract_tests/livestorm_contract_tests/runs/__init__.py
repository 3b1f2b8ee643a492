"""A run as a whole: what is put to a client, and what came out."""
