"""Promises, kept by running them: real PostgreSQL, real Redis, real browser."""
