"""The one settings file: each difference between environments is an environment variable."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from django.core.exceptions import ImproperlyConfigured
from psycopg.conninfo import conninfo_to_dict
from pydantic_settings import BaseSettings, SettingsConfigDict

PACKAGE = Path(__file__).resolve().parent


class Environment(BaseSettings):
    """What the surroundings decide; read from variables that start with ORDERWRIGHT_."""

    model_config = SettingsConfigDict(env_prefix="ORDERWRIGHT_")

    app_database_url: str = ""
    owner_database_url: str = ""
    secret_key: str = ""
    debug: bool = False
    data: Path | None = None
    allowed_hosts: str = "*"
    trusted_origins: str = ""
    https: bool = False
    public_url: str = ""
    proxies: int = 0
    email_url: str = ""
    email_from: str = "orders@localhost"
    log_level: str = "INFO"
    import_most_bytes: int = 10_000_000
    webhooks_allow_local: bool = False


ENVIRONMENT = Environment()


def _database(url: str) -> dict[str, Any]:
    """A Django database entry for one connection address, tuned for short statements."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "orderwright.connection",
        "NAME": parts.pop("dbname", "orderwright"),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1, **parts},
    }


DATABASES: dict[str, dict[str, Any]] = {"default": _database(ENVIRONMENT.app_database_url)}
if ENVIRONMENT.owner_database_url:
    DATABASES["owner"] = _database(ENVIRONMENT.owner_database_url)

SECRET_KEY = ENVIRONMENT.secret_key or "only-for-commands-that-sign-nothing"
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts.split(",")
# How mails name this place, and how many proxies of ours stand before it (their X-Forwarded-For
# tells who asks; nobody else's does).
PUBLIC_URL = ENVIRONMENT.public_url or ENVIRONMENT.trusted_origins.split(",")[0]
PUBLIC_URL = PUBLIC_URL or "http://localhost:8000"
PROXIES = ENVIRONMENT.proxies
CSRF_TRUSTED_ORIGINS = [origin for origin in ENVIRONMENT.trusted_origins.split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "ninja",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "procrastinate.contrib.django",
    "orderwright.identity",
    "orderwright.activity",
    "orderwright.directory",
    "orderwright.catalog",
    "orderwright.pricing",
    "orderwright.inventory",
    "orderwright.sales",
    "orderwright.purchasing",
    "orderwright.shipping",
    "orderwright.production",
    "orderwright.returns",
    "orderwright.invoicing",
    "orderwright.extraction",
    "orderwright.documents",
    "orderwright.notifications",
    "orderwright.webhooks",
    "orderwright.importing",
    "orderwright.reporting",
    "orderwright.web",
]

MIDDLEWARE = [
    "orderwright.api.road.ApiRoad",
    "django.middleware.security.SecurityMiddleware",
    "orderwright.web.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "orderwright.web.timing.ServerTiming",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "orderwright.web.road.WebRoad",
]

ROOT_URLCONF = "orderwright.urls"
WSGI_APPLICATION = "orderwright.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

_LOADERS: list[Any] = [
    "orderwright.web.lean.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
if not DEBUG:
    _LOADERS = [("django.template.loaders.cached.Loader", _LOADERS)]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "orderwright.web.chrome.chrome",
            ],
            "loaders": [("template_partials.loader.Loader", _LOADERS)],
            "builtins": [
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "orderwright.web.templatetags.orderwright",
            ],
            "debug": DEBUG,
        },
    }
]
COTTON_DIR = "components"

AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["orderwright.identity.sign_in.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "/sign-in"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_SECURE = ENVIRONMENT.https
CSRF_COOKIE_HTTPONLY = False
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
# Only a proxy of ours tells truly whether a request came over TLS, so only then is one sent there.
SECURE_SSL_REDIRECT = ENVIRONMENT.https and ENVIRONMENT.proxies > 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https and ENVIRONMENT.proxies else None
)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
IMPORT_MOST_BYTES = ENVIRONMENT.import_most_bytes
# For development: webhooks may go to this machine, without TLS and to any port.
WEBHOOKS_ALLOW_LOCAL = ENVIRONMENT.webhooks_allow_local
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

LANGUAGE_CODE = "en"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = PACKAGE / "web" / "collected"
STATICFILES_DIRS: list[Path] = []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if (STATIC_ROOT / "staticfiles.json").exists() and not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not (STATIC_ROOT / "staticfiles.json").exists() or DEBUG
WHITENOISE_MAX_AGE = 31_536_000 if (STATIC_ROOT / "staticfiles.json").exists() else 60

DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from


def _email(url: str) -> dict[str, Any]:
    """Mail goes to a folder, to the console, or by SMTP: smtp://user:password@host:port?tls=1."""
    if not url and ENVIRONMENT.data is not None:
        url = f"file://{ENVIRONMENT.data / 'mail'}"
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme == "file":
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": parts.path,
        }
    if parts.scheme != "smtp":
        raise ImproperlyConfigured("ORDERWRIGHT_EMAIL_URL starts with smtp:// or file://")
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": "tls" in parse_qs(parts.query),
        "EMAIL_TIMEOUT": 20,
    }


globals().update(_email(ENVIRONMENT.email_url))

structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ]
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": ENVIRONMENT.log_level},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "procrastinate.blueprints": {"level": "WARNING"},
    },
}
# E-mails are unique within an organization; `web.headers` refuses frames on every answer; whether
# a whole domain goes into the browsers' lists is for its owner to say.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W002", "security.W021"]
