"""TLS as a server sees it: certificates of the fake's own, and what clients make of them."""
