"""A case: its stage, the client in front of it, and the verdict."""
