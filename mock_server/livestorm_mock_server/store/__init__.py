"""What the provider remembers: applications, users, codes, tokens, request counts."""
