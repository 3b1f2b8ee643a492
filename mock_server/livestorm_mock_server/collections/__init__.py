"""What the API's collections hold: items by type, in order, found by what they say."""
