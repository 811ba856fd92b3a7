"""Settings: everything a deployment may change comes from the environment, with defaults for one machine."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR", BASE_DIR / "var"))
DATA_DIR.mkdir(parents=True, exist_ok=True)


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no setting; anything but the usual words for yes is no."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, *, default: str) -> list[str]:
    """Return a comma-separated setting as a list without blanks."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def secret_key() -> str:
    """Return SECRET_KEY from the environment, else one kept in the data folder, made on the first start."""
    if key := os.environ.get("SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    try:
        # O_EXCL: when two processes start together one of them makes the key and the other reads it
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text(encoding="utf-8")


SECRET_KEY = secret_key()
DEBUG = flag("DEBUG", default=False)
ALLOWED_HOSTS = words("ALLOWED_HOSTS", default="localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS", default="")

BASE_CURRENCY = os.environ.get("BASE_CURRENCY", "TWD").upper()
STALE_SESSIONS = int(os.environ.get("STALE_SESSIONS", "5"))
COST_METHOD = os.environ.get("COST_METHOD", "fifo").lower()
if COST_METHOD not in {"fifo", "average"}:
    raise ImproperlyConfigured("COST_METHOD is fifo or average")
# growth of income a year in the projection, a fraction; 0 unless the household believes in more
INCOME_GROWTH = float(os.environ.get("INCOME_GROWTH", "0"))
YIELD_CONVENTION = os.environ.get("YIELD_CONVENTION", "street").lower()
if YIELD_CONVENTION not in {"street", "treasury"}:
    raise ImproperlyConfigured("YIELD_CONVENTION is street or treasury")
# whether unspent income of earlier years may pay this year's salary before it counts as paid from principal
CARRY_FORWARD = flag("CARRY_FORWARD", default=False)
# what the household earned a year before, in the reporting currency: 0 shows no replacement ratio
FORMER_INCOME = float(os.environ.get("FORMER_INCOME", "0"))

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "simple_history",
    "axes",
    "csp",
    "portfolio",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portfolio.views.spouse_door.SpouseDoor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "portfolio.urls"
WSGI_APPLICATION = "portfolio.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portfolio.views.frame.frame",
            ],
        },
    },
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'larder.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # a writer that starts as a reader can fail at its first write, however long it waits
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "dashboard"
LOGOUT_REDIRECT_URL = "login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]

LANGUAGE_CODE = "zh-hant"
LANGUAGES = [("zh-hant", _("Traditional Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE", "Asia/Taipei")

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "portfolio.plotly_file.PlotlyFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# a private folder: files are handed out by a view that checks the login, never by URL
MEDIA_ROOT = DATA_DIR / "files"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if flag("HTTPS", default=False):
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_SSL_REDIRECT = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    # the admin's own pages (Alpine in django-unfold) need more; portfolio.admin loosens it for them alone
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Plotly and server-drawn bars set widths as style attributes
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

UNFOLD = {
    "SITE_TITLE": _("Larder"),
    "SITE_HEADER": _("Larder"),
    "SITE_SUBHEADER": _("Records"),
    "SITE_URL": "/",
    "SITE_SYMBOL": "shelves",
    "BORDER_RADIUS": "4px",
    "STYLES": [lambda request: static("admin.css")],
    "COLORS": {
        # warm paper to ink; the ends are the two papers, as the admin's theme paints its surfaces with them
        "base": {
            "50": "#f3f1eb",
            "100": "#eae7df",
            "200": "#e0dcd3",
            "300": "#bcbdbc",
            "400": "#93979b",
            "500": "#63686f",
            "600": "#454a50",
            "700": "#3a3f44",
            "800": "#2b2f33",
            "900": "#141618",
            "950": "#0d0f10",
        },
        "primary": {
            "50": "#eef3f8",
            "100": "#dbe6f1",
            "200": "#b7cde1",
            "300": "#8fbae3",
            "400": "#8fbae3",
            "500": "#8fbae3",
            "600": "#1f4f82",
            "700": "#1a4370",
            "800": "#15365b",
            "900": "#102945",
            "950": "#0a1a2d",
        },
        "font": {
            "subtle-light": "#63686f",
            "subtle-dark": "#93979b",
            "default-light": "#454a50",
            "default-dark": "#bcbdbc",
            "important-light": "#191b1d",
            "important-dark": "#edebe5",
        },
    },
    "SIDEBAR": {"show_search": False, "navigation": "portfolio.admin.navigation.navigation"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

# Redis carries the tasks and keeps reports. `start` brings one of its own where none is named here.
REDIS_URL = os.environ.get("REDIS_URL", "")
if REDIS_URL and urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
    raise ImproperlyConfigured("REDIS_URL starts with redis://, rediss:// or unix://")
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "larder"}}
if REDIS_URL:
    CACHES["default"] = {"BACKEND": "portfolio.report_cache.ReportCache", "LOCATION": REDIS_URL, "KEY_PREFIX": "larder:reports"}

# Market data (docs/market-data.md)
# runs begin this many minutes after each of these exchanges closes, holidays included
MARKET_DATA_EXCHANGES = words("MARKET_DATA_EXCHANGES", default="XTAI,XTKS,XLON,XNYS")
MARKET_DATA_DELAY = float(os.environ.get("MARKET_DATA_DELAY", "45"))
# a folder as import_market_data reads it, asked after the other sources
MARKET_DATA_FOLDER = os.environ.get("MARKET_DATA_FOLDER", "")
MARKET_DATA_TIMEOUT = float(os.environ.get("MARKET_DATA_TIMEOUT", "20"))  # seconds, for one request
# after a passing fault: the first pause in seconds, doubled each time, and how often a request is tried
MARKET_DATA_PAUSE = float(os.environ.get("MARKET_DATA_PAUSE", "5"))
MARKET_DATA_TRIES = int(os.environ.get("MARKET_DATA_TRIES", "5"))
# a run that has given no sign of life for so many seconds is given up
MARKET_DATA_LOST_AFTER = float(os.environ.get("MARKET_DATA_LOST_AFTER", "1200"))
# where to ask instead of at the sources' own addresses: a mirror, a test's server
YAHOO_ADDRESS = os.environ.get("YAHOO_ADDRESS", "")
TREASURY_ADDRESS = os.environ.get("TREASURY_ADDRESS", "")
# dividends for units held become rows by themselves on their pay date, instead of after a click
CONFIRM_DIVIDENDS = flag("CONFIRM_DIVIDENDS", default=False)

# Votes that are due (docs/meetings.md): so many days before, on the dashboard and by mail
MEETING_REMINDER_DAYS = float(os.environ.get("MEETING_REMINDER_DAYS", "14"))
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = flag("EMAIL_USE_SSL", default=EMAIL_PORT == 465)
EMAIL_USE_TLS = flag("EMAIL_USE_TLS", default=EMAIL_PORT == 587)
EMAIL_TIMEOUT = 20  # seconds
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "") or EMAIL_HOST_USER or "larder@localhost"
