"""A real browser on a small phone."""
