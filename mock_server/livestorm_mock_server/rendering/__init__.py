"""What all pages have in common: templates, style, policy."""
