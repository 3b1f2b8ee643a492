"""How faults are put in place: read, armed, counted, and let loose on a request."""
