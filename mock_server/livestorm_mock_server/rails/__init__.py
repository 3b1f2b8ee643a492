"""How Rails 6.1 on Rack 2.2 reads a request and frames an answer, independent of any endpoint."""
