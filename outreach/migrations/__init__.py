"""Alembic's scripts; run by outreach.migrate."""
