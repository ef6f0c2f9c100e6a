"""The way to PostgreSQL: Django's own backend, with the driver's fast readers back in place."""
