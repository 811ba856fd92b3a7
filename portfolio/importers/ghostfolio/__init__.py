"""Ghostfolio: its JSON export and the CSV it imports."""
