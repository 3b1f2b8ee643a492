"""The fake that a client is put before, over HTTP."""
