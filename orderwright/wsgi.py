"""The WSGI application, loaded once by each process of the server."""

import gc
import os
import signal
import warnings

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from orderwright.postgres import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orderwright.settings")
if os.environ.get("ORDERWRIGHT_SUPERVISED"):
    # A killed server must not leave processes that hold its port.
    die_with_parent(signal.SIGKILL)
# Static files are collected into a wheel only; a checkout serves them from where they lie.
warnings.filterwarnings("ignore", message="No directory at")

application = get_wsgi_application()

# Whatever cannot be loaded shows now, and the first request finds everything loaded.
get_resolver().url_patterns  # noqa: B018

# What is loaded now stays: the collector need not look at it again, and a request that makes a few
# thousand objects ends before it looks at those. Cycles are rare here, and found in the end.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
