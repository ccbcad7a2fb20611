"""Measures what the platform promises, on SQLite and on PostgreSQL, each as a ratio to a bare peer in the same run."""
