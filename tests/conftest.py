"""What every test can use. The database, the HTTP server and the browser start when first asked."""

import os

from hypothesis import settings

# Playwright keeps an event loop running in the thread of the test.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytest_plugins = ["tests.plugins.database", "tests.plugins.server", "tests.plugins.browser"]

settings.register_profile("quick", deadline=None, max_examples=100)
settings.register_profile("ci", deadline=None, max_examples=200, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


def pytest_configure() -> None:
    """Hash passwords cheaply: a hash carries its own costs, so the server reads these too."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.parallelism = 1
