"""All settings, read from the environment. There is no default for a secret: what is missing is named at start-up.

The demo and the tests (fieldlab.demo, tests.services) set these variables for the processes they start.
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
import pghistory
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

django_stubs_ext.monkeypatch()  # lets annotations name what fields and forms hold

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
REQUIRED = ("SECRET_KEY", "SITE_URL", "ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL", "HELP_PHONE", "DEFAULT_FROM_EMAIL")
DEMO = env.bool("DEMO", False)
if _missing := [name for name in (*REQUIRED, *(() if DEMO else ("MEDIA_ROOT",))) if not os.environ.get(name)]:
    sys.exit(f"fieldlab does not start: set {', '.join(_missing)} in the environment (README.md tells what each is).")

DEBUG = False
SECRET_KEY = env.str("SECRET_KEY")
SITE_URL = env.str("SITE_URL").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(SITE_URL).hostname or ""])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# {"key id": "base64 of 32 bytes"}; the first key encrypts, all decrypt
ENCRYPTION_KEYS: Any = env.json("ENCRYPTION_KEYS")

# --- The site, as people see it
SITE_NAME = env.str("SITE_NAME", "Fieldlab")
HELP_PHONE = env.str("HELP_PHONE")
HELP_HOURS = env.str("HELP_HOURS", "") or _("on working days from 9.00 to 17.00")
# How long details of participants are kept after the last contact
RETENTION_MONTHS = env.int("RETENTION_MONTHS", 24)

# --- Applications, from the front door down the staircase
ROOT_URLCONF = "fieldlab.urls"
WSGI_APPLICATION = "fieldlab.wsgi.application"
INSTALLED_APPS = [
    "fieldlab",
    "fieldlab.figures",
    "workshops",
    "challenge",
    "participants",
    "initiatives",
    "fieldlab.areas",
    "fieldlab.accounts",
    "fieldlab.audit",
    "fieldlab.outbox",
    "fieldlab.lib",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "django_htmx",
    "leaflet",
    "lucide",
    "pghistory",
    "pgtrigger",
]
MIDDLEWARE = [
    "fieldlab.health.HealthMiddleware",
    "fieldlab.lib.requests.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "initiatives.views.map_data.MapDocumentMiddleware",
    "fieldlab.lib.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fieldlab.accounts.middleware.LanguageMiddleware",
    "fieldlab.accounts.middleware.PrivatePagesMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "fieldlab.accounts.middleware.SecondFactorMiddleware",
    "fieldlab.accounts.middleware.RedisDownMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "fieldlab.audit.middleware.HistoryMiddleware",
]
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
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "fieldlab.pages.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database: the app's role reads and writes, the owner's role migrates (fieldlab.lib.database)
DATABASES: dict[str, Any] = {
    "default": {
        **dj_database_url.parse(env.str("DATABASE_URL"), conn_health_checks=True),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
    }
}
_pool_size = env.int("DATABASE_POOL_SIZE", 0)
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),  # such as sslmode, from the URL
    "application_name": env.str("DATABASE_APPLICATION_NAME", "fieldlab"),
    "connect_timeout": 5,
    # Without JIT: PostgreSQL takes the trigger that keeps the search table for a long query, and compiles for 20 ms what runs for one
    # Pages at random cost about as much as in a row: the database lies in memory or on a solid-state disk
    "options": (
        "-c statement_timeout=30s -c lock_timeout=5s -c idle_in_transaction_session_timeout=60s -c jit=off -c random_page_cost=1.1"
    ),
    # While the database is away each request tries once: with the pool's own five minutes of ever longer pauses, it would stay away
    **({"pool": {"min_size": 1, "max_size": _pool_size, "timeout": 10, "reconnect_timeout": 1}} if _pool_size else {}),
}
DATABASE_OWNER_URL = env.str("DATABASE_OWNER_URL", "")
DATABASE_APP_ROLE = DATABASES["default"]["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# History rows carry their own copy of who did it: in a table apart, the app's role could rewrite it
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CONTEXT_ID_FIELD = pghistory.ContextUUIDField()
PGHISTORY_DEFAULT_TRACKERS = (pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())

# --- Cache, sessions, jobs
REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "fieldlab",
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
_host_only = "__Host-" if HTTPS else ""  # a browser then takes the cookie from this host alone, and only over TLS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME, LANGUAGE_COOKIE_NAME = (f"{_host_only}{name}" for name in ("session", "csrftoken", "language"))
SESSION_COOKIE_AGE = 14 * 24 * 3600
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")  # its words for a Unix socket
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "Europe/Amsterdam"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    # A wake-up that waited longer has been followed by many others.
    "deliver-email": {"task": "fieldlab.outbox.tasks.deliver_due", "args": ["email"], "schedule": 2.0, "options": {"expires": 30}},
    "deliver-sms": {"task": "fieldlab.outbox.tasks.deliver_due", "args": ["sms"], "schedule": 2.0, "options": {"expires": 30}},
    "publish-map": {"task": "initiatives.tasks.publish_map", "schedule": 2.0, "options": {"expires": 10}},
    "purge-outbox": {"task": "fieldlab.outbox.tasks.purge", "schedule": 24 * 3600.0},
    "sweep-photos": {"task": "initiatives.tasks.sweep_photos", "schedule": 24 * 3600.0},
    "purge-drafts": {"task": "initiatives.tasks.purge_drafts", "schedule": 24 * 3600.0},
    "keep-introductions": {"task": "initiatives.tasks.keep_introductions", "schedule": 3600.0, "options": {"expires": 1800}},
    "ask-to-confirm": {"task": "initiatives.tasks.ask_to_confirm", "schedule": 3600.0, "options": {"expires": 1800}},
    "keep-hand-overs": {"task": "participants.tasks.keep_hand_overs", "schedule": 600.0, "options": {"expires": 500}},
    "forget-requests": {"task": "participants.tasks.forget_requests", "schedule": 3600.0, "options": {"expires": 1800}},
    "remind-of-talks": {"task": "participants.tasks.remind_of_talks", "schedule": 300.0, "options": {"expires": 240}},
    "pass-on-offers": {"task": "participants.tasks.pass_on_offers", "schedule": 180.0, "options": {"expires": 150}},
    "keep-no-longer": {
        "task": "participants.tasks.keep_no_longer",
        "schedule": crontab(hour=9, minute=15),
        "options": {"expires": 6 * 3600},
    },
}

# --- Accounts, by allauth
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["fieldlab.accounts.passwords.Argon2idHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "fieldlab.accounts.passwords.LongEnoughValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "fieldlab.accounts.passwords.NotCommonValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "overview"
SECOND_FACTOR_ENFORCED = not DEMO
ACCOUNT_ADAPTER = "fieldlab.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "fieldlab.accounts.forms.SignupDetailsForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
# Mail may be slow, and so may be whoever types the code over; the mails say these fifteen minutes.
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = True
_FORMS = "fieldlab.accounts.allauth_forms."
ACCOUNT_FORMS = {
    "login": _FORMS + "LoginForm",
    "signup": _FORMS + "SignupForm",
    "add_email": _FORMS + "AddEmailForm",
    "change_password": _FORMS + "ChangePasswordForm",
    "set_password": _FORMS + "SetPasswordForm",
    "reset_password": _FORMS + "ResetPasswordForm",
    "reset_password_from_key": _FORMS + "ResetPasswordKeyForm",
    "reauthenticate": _FORMS + "ReauthenticateForm",
    "request_login_code": _FORMS + "RequestLoginCodeForm",
    "confirm_login_code": _FORMS + "ConfirmLoginCodeForm",
    "confirm_email_verification_code": _FORMS + "ConfirmEmailVerificationCodeForm",
    "confirm_password_reset_code": _FORMS + "ConfirmPasswordResetCodeForm",
}
MFA_FORMS = {
    "authenticate": _FORMS + "AuthenticateForm",
    "reauthenticate": _FORMS + "MFAReauthenticateForm",
    "activate_totp": _FORMS + "ActivateTOTPForm",
    "add_webauthn": _FORMS + "AddWebAuthnForm",
    "edit_webauthn": _FORMS + "EditWebAuthnForm",
}
MFA_ADAPTER = "fieldlab.accounts.adapter.MFAAdapter"
MFA_TOTP_TOLERANCE = 1
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SESSION_COOKIE_SECURE
SOCIALACCOUNT_ADAPTER = "fieldlab.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
# OIDC_PROVIDERS is a JSON list of {"provider_id", "name", "client_id", "secret", "settings": {"server_url", "employer", "email_domains"}}.
# Who has a verified address in email_domains gets the account with that address; of other addresses nothing is believed.
_oidc: Any = env.json("OIDC_PROVIDERS", [])
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": _oidc}}

# --- Language and time
LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
# Made by a machine and to be checked: a help beside the Dutch, on pages for participants only, and never for consent
HELP_LANGUAGES = [("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Europe/Amsterdam"

# --- Static files
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / ".data" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
# For scripts that the fonts inside typst lack, in PDFs
PDF_FONT_FOLDERS: list[str] = env.list("PDF_FONT_FOLDERS", [])
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # pages name no others
# Photos: never served as they lie there, but by a view that knows who may see them
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / ".data" / "media")
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o640, 0o750
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": env.str("STATICFILES_STORAGE", "fieldlab.lib.staticfiles.HashedStaticFilesStorage")},
}

# --- Security
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Chromium holds a form's redirects to form-action too, and signing in elsewhere starts with a form.
for _server in (urlsplit(provider["settings"]["server_url"]) for provider in _oidc):
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(f"{_server.scheme}://{_server.netloc}")
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SSL_REDIRECT = HTTPS
# True only where a proxy stands in front that itself sets X-Forwarded-Proto and X-Forwarded-For: they are then believed.
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
ALLAUTH_TRUSTED_PROXY_COUNT = int(BEHIND_PROXY)
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = [
    "fieldlab.lib.uploads.CappedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The virus scanner (clamd) that looks at uploads: tcp://host:3310 or unix:///path; without it nothing does
CLAMD_URL = env.str("CLAMD_URL", "")
CLAMD_TIMEOUT_SECONDS = 15.0

# --- The outside world: each a setting, each with a local stand-in in the tests
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL")
# The demo sends nothing: /demo/postvak/ shows it
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend" if DEMO else "fieldlab.outbox.lines.smtp.EmailBackend"
)
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 20
SMS_GATEWAY_URL = env.str("SMS_GATEWAY_URL", "")
SMS_GATEWAY_TOKEN = env.str("SMS_GATEWAY_TOKEN", "")
SMS_SENDER = env.str("SMS_SENDER", SITE_NAME)
# Who sends interpreters; empty: professionals ask for one themselves
INTERPRETER_EMAIL = env.str("INTERPRETER_EMAIL", "")
PDOK_LOCATIESERVER_URL = env.str("PDOK_LOCATIESERVER_URL", "https://api.pdok.nl/bzk/locatieserver/search/v3_1")
PDOK_TIMEOUT_SECONDS = 2.0
MAP_TILE_URL = env.str("MAP_TILE_URL", "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png")
MAP_TILE_ATTRIBUTION = env.str("MAP_TILE_ATTRIBUTION", "Kaartgegevens © Kadaster")
if MAP_TILE_URL:
    _tiles = urlsplit(MAP_TILE_URL)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"].append(f"{_tiles.scheme}://{_tiles.netloc}")
LEAFLET_CONFIG = {"TILES": [], "DEFAULT_CENTER": (52.37, 4.9), "DEFAULT_ZOOM": 12, "RESET_VIEW": False}

# --- Logs: one JSON object a line, with the request's id and without personal data
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "fieldlab.lib.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # The access line has every refusal's route and status already; what is left to tell are errors.
        "django.request": {"level": "ERROR"},
        "httpx": {"level": "WARNING"},
    },
}
