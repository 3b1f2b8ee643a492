"""What the fake costs, beside what the same stack costs without it."""
