"""Tests of the fake, over real sockets wherever a socket matters."""
