"""All configuration: environment readers, then one headed block for each concern."""

import sys
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from finder import logs
from finder.env import database, env_bool, env_int, env_list, env_secret, env_str, origin_of

BASE_DIR = Path(__file__).resolve().parent.parent
VERSION = "0.1.0"

# --- Mode -----------------------------------------------------------------------------
DEBUG = env_bool("DEBUG")
# Demonstration data and sign-ins; refused by a system check unless bound to this machine.
DEMO = env_bool("DEMO")
TESTING = "pytest" in sys.modules
LOCAL = DEBUG or DEMO or TESTING

SECRET_KEY = env_secret("SECRET_KEY") or ("not-a-secret-" * 5 if LOCAL else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is not set. Make one with: openssl rand -base64 48")
# Patient fields: "k2:<base64 of 32 bytes>,k1:<...>", newest first (referrals/sealed.py).
PHI_KEYS = env_secret("PHI_KEYS") or ("k0:" + "A" * 43 + "=" if LOCAL else "")
PHI_INDEX_KEY = env_secret("PHI_INDEX_KEY") or ("B" * 43 + "=" if LOCAL else "")
# Tells reports apart (referrals/checkins); with it alone nobody finds a patient.
REPORTER_KEY = env_secret("REPORTER_KEY") or ("C" * 43 + "=" if LOCAL else "")
# Signs the record of who read and did what (referrals/audit); the database never sees it.
AUDIT_KEY = env_secret("AUDIT_KEY") or ("D" * 43 + "=" if LOCAL else "")
# Where the ends of the record's chains are noted each minute, outside the database.
AUDIT_ANCHORS = env_str("AUDIT_ANCHORS", str(BASE_DIR / ".local" / "anchors"))
# How long a patient's record is kept after its last entry (referrals/retention.py); for counsel.
RECORD_YEARS = env_int("RECORD_YEARS", 7)
# Encrypts copies of the database (referrals/backup).
BACKUP_KEY = env_secret("BACKUP_KEY") or ("E" * 43 + "=" if LOCAL else "")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]" if LOCAL else "")
if TESTING:
    ALLOWED_HOSTS.append("testserver")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS")

# --- Applications ---------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "finder.apps.FinderConfig",
    "referrals.apps.ReferralsConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "import_export",
    "pghistory",
    "pgtrigger",
    "rest_framework",
]
AUTH_USER_MODEL = "finder.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "finder.urls"
WSGI_APPLICATION = "finder.wsgi.application"

MIDDLEWARE = [
    "finder.logs.RequestLog",
    "finder.middleware.NoBodyForHead",
    "finder.middleware.DemoStaysHere",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "finder.middleware.SmallerPages",
    "finder.middleware.PublicPages",
    "finder.api.lane.PublicApiLane",
    "finder.middleware.PlainErrors",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "referrals.middleware.PrivatePages",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                # Lazy: a public page that does not name the user or a message never loads them.
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "finder.context.site",
            ],
        },
    },
]

# --- Database -------------------------------------------------------------------------
# This process connects as DATABASE_URL: the role mhg_app when it serves pages. Commands that
# change the schema or load data connect as DATABASE_OWNER_URL, when that is set.
OWNER_COMMANDS = {
    "backup",
    "createcachetable",
    "createsuperuser",
    "flush",
    "import_feed",
    "load_demo",
    "load_demo_clinic",
    "load_places",
    "load_population",
    "load_programs",
    "migrate",
    "purge_patients",
    "reassess",
    "reindex",
    "reseal",
    "restore",
    "seed",
    "test",
}
_is_owner_command = len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS
_owner_url = env_secret("DATABASE_OWNER_URL")
if _owner_url and (_is_owner_command or TESTING):
    _database = database(_owner_url, name="DATABASE_OWNER_URL")
else:
    _database = database(
        env_secret("DATABASE_URL") or "postgresql://mhg_app@localhost:5432/mhg", name="DATABASE_URL"
    )
# Short questions by the thousand: compiling a plan or sharing it out takes longer than running
# it, and the data are in memory. A server behind a pool is told by the pool instead: then give
# DATABASE_URL its own ?options=.
_database["OPTIONS"].setdefault(
    "options",
    "-c jit=off -c max_parallel_workers_per_gather=0 -c random_page_cost=1.1 -c work_mem=32MB",
)
DATABASES = {
    "default": _database | {"CONN_MAX_AGE": env_int("CONN_MAX_AGE", 60), "CONN_HEALTH_CHECKS": True}
}

# --- Cache and sessions ---------------------------------------------------------------
REDIS_URL = env_secret("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
    if REDIS_URL
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "finder_cache",
    }
}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Sign-in --------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "referrals.backends.SiteBackend",
    "referrals.backends.EmailBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "referrals.passwords.NobodyWouldGuess"},
]
# Links that set a password, from an invitation or after "forgotten", work for an hour.
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "referrals:dashboard"
ACCOUNT_ADAPTER = "referrals.accounts.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
# Tried passwords and codes: by connection, and by account and connection (referrals/accounts.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/900s/key"}
# Whoever's password, address or second step changes is told by mail.
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# One address each; another takes its place once it was confirmed by mail.
ACCOUNT_CHANGE_EMAIL = True
# The second step, which every private page asks for (referrals/middleware.py).
MFA_ADAPTER = "referrals.accounts.StepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "referrals.forms.signing_in.StepCodeForm",
    "reauthenticate": "referrals.forms.signing_in.StepCodeAgainForm",
    "activate_totp": "referrals.forms.signing_in.FirstStepCodeForm",
}
MFA_RECOVERY_CODES_SHOW_ONCE = True
# A phone's clock may be half a minute off.
MFA_TOTP_TOLERANCE = 1
# Addresses come verified, by invitation; another one must not lock a person out of adding keys.
MFA_ALLOW_UNVERIFIED_EMAIL = True
EMAIL_BACKEND = (
    "django.core.mail.backends.console.EmailBackend"
    if LOCAL
    else "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env_str("EMAIL_HOST", "localhost")
EMAIL_PORT = env_int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env_str("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env_secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS")
DEFAULT_FROM_EMAIL = env_str("DEFAULT_FROM_EMAIL", "office@example.org")

# --- Map ------------------------------------------------------------------------------
# Tiles laid over our own outlines; each one asked for tells its server where people look.
MAP_TILES_URL = env_str("MAP_TILES_URL")
MAP_TILES_CREDIT = env_str("MAP_TILES_CREDIT")
_tiles = [origin_of(MAP_TILES_URL, name="MAP_TILES_URL")] if MAP_TILES_URL else []

# --- Headers --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *_tiles],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
PERMISSIONS_POLICY = {"geolocation": "self", "camera": [], "microphone": [], "payment": []}
# "no-referrer" makes browsers send "Origin: null" with posts, which breaks every form.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if not LOCAL:
    SECURE_SSL_REDIRECT = env_bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = env_int("SECURE_HSTS_SECONDS", 31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_REDIRECT_EXEMPT = ["livez", "readyz"]
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    if env_bool("BEHIND_PROXY"):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        ALLAUTH_TRUSTED_PROXY_COUNT = 1

# --- Static files ---------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = LOCAL
WHITENOISE_AUTOREFRESH = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if LOCAL
        else "finder.static_files.StaticFilesStorage"
    },
}
FORM_RENDERER = "finder.rendering.UswdsRenderer"

# --- Languages and time ---------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
DEFAULT_VIEWER_ZONE = "America/New_York"

# --- API ------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["finder.api.rendering.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # The public API never reads a session or a user.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "finder.api.errors.as_sentences",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MHG Finder",
    "DESCRIPTION": "Mutual-help groups, and what is known of how each receives medication.",
    "VERSION": VERSION,
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"validatorUrl": None, "persistAuthorization": False},
}

# --- Background work and feeds --------------------------------------------------------
# Modules that say what each kind of job does and what comes around by itself (worker).
JOB_MODULES = ["finder.jobs", "finder.letter_jobs", "referrals.jobs"]
# Where letters that the worker writes lead to; without it none are written.
SITE_URL = env_str("SITE_URL").rstrip("/")
# Whom a feed's keeper can turn to: an address of a page or of mail.
FEEDS_CONTACT = env_str("FEEDS_CONTACT", DEFAULT_FROM_EMAIL)
FEEDS_USER_AGENT = f"MHG-Finder/{VERSION} (reads meeting lists; +{FEEDS_CONTACT})"
# Where the snapshots lie that matching weighs all groups from; each machine has its own.
SNAPSHOT_DIR = env_str("SNAPSHOT_DIR", str(BASE_DIR / ".local" / "snapshots"))
# Feeds from this machine itself, to develop and test with; never in production.
FEEDS_FROM_LOOPBACK = LOCAL and env_bool("FEEDS_FROM_LOOPBACK")

# --- Spreadsheets on the curators' desk --------------------------------------------------
IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_SKIP_ADMIN_LOG = True
IMPORT_EXPORT_ESCAPE_ILLEGAL_CHARS_ON_EXPORT = True
# The look before an import and the import itself may be answered by two machines.
IMPORT_EXPORT_TMP_STORAGE_CLASS = "import_export.tmp_storages.CacheStorage"

# --- Logs -----------------------------------------------------------------------------
logs.configure()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "finder.logs.formatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env_str("LOG_LEVEL", "INFO")},
    "loggers": {
        # These print the path or the request, which may hold an id, a token or a search.
        "django.request": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.server": {"handlers": [], "level": "CRITICAL", "propagate": False},
        "django.security": {"handlers": [], "level": "CRITICAL", "propagate": False},
        # Prints whole addresses, which may hold a key.
        "httpx": {"level": "WARNING"},
    },
}
