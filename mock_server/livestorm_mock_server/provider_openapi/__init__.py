"""The description of the faked endpoints (OpenAPI 3.1): what a sandbox answers, as it is set up."""
