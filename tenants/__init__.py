"""Collectives, and the guard that keeps each one's rows to itself.

One door (`workspace`), one guard (PostgreSQL, told by `scope` where we are), one table of permissions (`access`).
Nothing outside this folder names a `collective_id`.
"""
