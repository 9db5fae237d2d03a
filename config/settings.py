"""Django settings. Every value that differs between installations comes from config/env.py.

This file is longer than others, since Django and its packages read their settings from one module: it is a table.
"""

from datetime import timedelta
from urllib.parse import urlsplit

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE

from config.env import BASE_DIR, DEVELOPMENT_SECRET, read_environment
from config.logs import logging_config

env = read_environment()

DEBUG = env.DEBUG
SECRET_KEY = env.SECRET_KEY
IS_DEVELOPMENT_SECRET = env.SECRET_KEY == DEVELOPMENT_SECRET
DATA_DIR = env.DATA_DIR
ALLOWED_HOSTS = env.ALLOWED_HOSTS
PUBLIC_URL = env.PUBLIC_URL.rstrip("/")
REALTIME_URL = env.REALTIME_URL

INSTALLED_APPS = [
    "config.apps.BoxOfficeConfig",
    "unfold.apps.BasicAppConfig",  # the admin's look; before the admin, whose templates it replaces
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "config.apps.MongoAdminConfig",
    "config.apps.MongoAuthConfig",
    "config.apps.MongoContentTypesConfig",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_mongodb_backend",
    "corsheaders",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "channels",
    "journal",
    "accounts",
    "events",
    "bookings",
    "analytics",
    "realtime",
]

MIDDLEWARE = [
    "config.api.middleware.RequestContextMiddleware",
    "corsheaders.middleware.CorsMiddleware",
    "config.api.middleware.SecurityMiddleware",
    "config.api.middleware.WhiteNoiseMiddleware",
    "config.api.middleware.SessionMiddleware",
    "config.api.middleware.CommonMiddleware",
    "config.api.middleware.CsrfViewMiddleware",
    "config.api.middleware.AuthenticationMiddleware",
    "config.api.middleware.MessageMiddleware",
    "config.api.middleware.XFrameOptionsMiddleware",
    "config.api.middleware.CSPMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.realtime"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- MongoDB: config/mongo corrects the official backend; docs/decisions/0001 says why
MONGODB_URI = env.MONGODB_URI
DATABASES = {
    "default": {
        "ENGINE": "config.mongo",
        "HOST": MONGODB_URI,
        "NAME": urlsplit(MONGODB_URI).path.strip("/") or "boxoffice",
        "OPTIONS": {
            "maxPoolSize": 100,
            # A request takes ten seconds at most: a client gets a 503 instead of waiting longer.
            "serverSelectionTimeoutMS": 5_000,
            "connectTimeoutMS": 5_000,
            "socketTimeoutMS": 30_000,
            "w": "majority",
        },
    }
}
DATABASE_ROUTERS = ["django_mongodb_backend.routers.MongoRouter"]
DEFAULT_AUTO_FIELD = "django_mongodb_backend.fields.ObjectIdAutoField"
MIGRATION_MODULES = {app: f"config.mongo.migrations.{app}" for app in ("admin", "auth", "contenttypes")}

# --- Redis: cache, sockets and task queue. It may be away at any time; see docs/operations.md
REDIS_URL = env.REDIS_URL
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "boxoffice",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": 0.3,
            "SOCKET_TIMEOUT": 0.5,
            "IGNORE_EXCEPTIONS": True,
            "SERIALIZER": "config.core.cache_serializer.OrjsonSerializer",
        },
    }
}
DJANGO_REDIS_LOG_IGNORED_EXCEPTIONS = True
DJANGO_REDIS_LOGGER = "config.core.cache_serializer"  # config/logs.py lets it log once in ten seconds

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = (not DEBUG) if env.COOKIE_SECURE is None else env.COOKIE_SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = env.CSRF_TRUSTED_ORIGINS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_HSTS_SECONDS = 31_536_000  # sent over HTTPS only
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.NUM_PROXIES else None
X_FRAME_OPTIONS = "DENY"
# For pages without a policy of their own, which are the admin's: all files are ours and no script is inline.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, UNSAFE_EVAL],  # the theme uses Alpine, which compiles attributes to functions
        "style-src": [SELF, UNSAFE_INLINE],  # the theme has inline styles
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
APPEND_SLASH = False
SILENCED_SYSTEM_CHECKS = [
    "security.W001",  # W001 to W003 look for Django's own names in MIDDLEWARE and do not see that
    "security.W002",  # config/api/middleware.py subclasses each of them
    "security.W003",
    "security.W005",  # only the operator of the domain can decide on HSTS for subdomains
    "security.W008",  # the proxy ends TLS and redirects; health checks behind it use plain HTTP
    "security.W021",  # nor can anybody else decide on HSTS preloading
]
CORS_ALLOWED_ORIGINS = env.CORS_ALLOWED_ORIGINS
CORS_URLS_REGEX = r"^/api/"
CORS_EXPOSE_HEADERS = ["ETag", "Idempotency-Replayed", "Retry-After", "X-Request-ID"]
CORS_ALLOW_HEADERS = [
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
]

# --- accounts
AUTH_USER_MODEL = "accounts.User"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_HASHERS = ["accounts.hashers.Argon2PasswordHasher"]
PASSWORD_RESET_TIMEOUT = 3600
PASSWORD_RESET_URL = env.PASSWORD_RESET_URL or f"{PUBLIC_URL}/reset-password"
ADMIN_CREATION_TOKEN = env.ADMIN_CREATION_TOKEN
AUTHENTICATION_BACKENDS = ["accounts.backends.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
    "SIGNING_KEY": SECRET_KEY,
    "ALGORITHM": "HS256",
    "USER_ID_CLAIM": "user_id",
}

# --- the REST layer
API_MAX_BODY_BYTES = 64 * 1024
NUM_PROXIES = env.NUM_PROXIES
RATE_LIMITS = env.RATE_LIMITS
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["accounts.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.api.negotiation.ContentNegotiation",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.api.pagination.Pages",
    "DEFAULT_SCHEMA_CLASS": "config.api.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "accounts.actors.AnonymousActor",
    "NUM_PROXIES": NUM_PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Box Office",
    "DESCRIPTION": "Organizers publish events, customers book seats that can never be oversold.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "EventStatus": "events.models.Event.Status",
        "BookingStatus": "bookings.models.PUBLIC_STATUSES",
        "DeliveryStatus": "realtime.models.Delivery.Status",
    },
}

# --- the platform
CURRENCY = env.CURRENCY
CLAIM_HORIZON = timedelta(seconds=env.CLAIM_HORIZON_SECONDS)
CANCEL_CUTOFF = timedelta(hours=env.CANCEL_CUTOFF_HOURS)
WAITLIST_OFFER = timedelta(minutes=env.WAITLIST_OFFER_MINUTES)
EVENT_LOG = BASE_DIR / env.EVENT_LOG  # a relative path counts from here
METRICS_TOKEN = env.METRICS_TOKEN
WEBHOOK_ALLOW_PRIVATE = env.WEBHOOK_ALLOW_PRIVATE
MODERATION_RULES = env.MODERATION_RULES
MODERATION_WORDS = env.MODERATION_WORDS
MODERATION_PRICE_LIMIT = env.MODERATION_PRICE_LIMIT
MODERATION_SIZE_LIMIT = env.MODERATION_SIZE_LIMIT

# --- the admin: docs/admin.md
UNFOLD = {
    "SITE_TITLE": "Box Office",
    "SITE_HEADER": "Box Office",
    "SITE_SUBHEADER": "Administration",
    "SITE_SYMBOL": "confirmation_number",
    "SITE_URL": None,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.admin.navigation.icon"}],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_BACK_BUTTON": True,
    "STYLES": ["config.admin.navigation.stylesheet"],
    "DASHBOARD_CALLBACK": "analytics.admin.dashboard.dashboard",
    "SIDEBAR": {"show_search": False, "show_all_applications": False, "navigation": "config.admin.navigation.sidebar"},
}

# --- background work
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 10,
    "socket_keepalive": True,
    # A task carries no data: MongoDB holds what is to be done, and beat sends the task again. So no message has to be
    # kept until it is acknowledged. A worker that loses its Redis ends when it tries to give such messages back.
    "ack_emulation": False,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False  # a dispatch does not need Redis to finish
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULE = {
    "journal-sweep": {"task": "journal.tasks.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "event-jobs": {"task": "bookings.tasks.run_jobs", "schedule": 5.0, "options": {"expires": 5}},
    "expire-offers": {"task": "bookings.tasks.expire_offers", "schedule": 5.0, "options": {"expires": 5}},
    "expire-notifications": {"task": "realtime.tasks.expire_notifications", "schedule": 24 * 3600.0},
    "recover-claims": {"task": "bookings.tasks.recover_stale_claims", "schedule": 30.0, "options": {"expires": 30}},
    "send-webhooks": {"task": "realtime.tasks.send_webhooks", "schedule": 10.0, "options": {"expires": 10}},
}

# --- mail: the console in development, SMTP as soon as a host is named
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if env.EMAIL_HOST else "config.core.mail.ConsoleBackend"
EMAIL_HOST = env.EMAIL_HOST
EMAIL_PORT = env.EMAIL_PORT
EMAIL_HOST_USER = env.EMAIL_HOST_USER
EMAIL_HOST_PASSWORD = env.EMAIL_HOST_PASSWORD
EMAIL_USE_TLS = env.EMAIL_USE_TLS
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.DEFAULT_FROM_EMAIL

# --- language, time, files, logs
LANGUAGE_CODE = "en-us"
USE_I18N = False
DATE_FORMAT, TIME_FORMAT, DATETIME_FORMAT = "j M Y", "H:i", "j M Y, H:i"  # as on all our own pages
USE_TZ = True
TIME_ZONE = "UTC"  # the backend truncates dates correctly in UTC only; events carry their own zone
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
LOGGING_CONFIG = None
LOGGING = logging_config(level=env.LOG_LEVEL, style=env.LOG_FORMAT)
