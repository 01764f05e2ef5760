"""The real PostgreSQL and Redis under the tests: the ones named in the environment, or embedded ones of their own."""

import base64
import json
import os

NAMES = ("DATABASE_OWNER_URL", "DATABASE_URL", "REDIS_URL")
ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "fieldlab.settings",
    "SECRET_KEY": "for-the-tests-only-0123456789-0123456789-0123456789",
    "SITE_URL": "http://testserver",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "ENCRYPTION_KEYS": json.dumps({key: base64.b64encode(key.encode() * 4).decode() for key in ("test-two", "test-one")}),
    "HELP_PHONE": "020 000 01 23",
    "DEFAULT_FROM_EMAIL": "fieldlab@demo.example",
    "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    "STATICFILES_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",
    "MAP_TILE_URL": "",
    "PDOK_LOCATIESERVER_URL": "http://127.0.0.1:9/closed",
    "DEMO": "",
    "LOG_LEVEL": "WARNING",
}


def provide() -> None:
    """Set the environment for Django. With xdist the controller provides; its workers inherit."""
    for name, value in ENVIRONMENT.items():
        os.environ[name] = value
    os.environ["DEMO"] = "false"
    os.environ.setdefault("FIELDLAB_TEST_RUN", str(os.getpid()))
    missing = [name for name in NAMES if not os.environ.get(name)]
    if missing:
        raise RuntimeError(f"set {', '.join(missing)}")  # embedded services take this place


def redis_url(worker: int) -> str:
    """This worker's own Redis database."""
    base, _, _ = os.environ["REDIS_URL"].rpartition("/")
    return f"{base}/{worker % 16}"
