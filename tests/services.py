"""The real PostgreSQL and Redis under the tests: the ones named in the environment, or embedded ones of their own."""

import base64
import json
import os
import secrets
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from fieldlab.lib.services import Processes, start_embedded

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
    "DEMO": "false",
    "LOG_LEVEL": "WARNING",
}

_embedded: Processes | None = None


def provide() -> None:
    """Set the environment for Django. With xdist the controller provides; its workers inherit."""
    os.environ.update(ENVIRONMENT)
    os.environ.setdefault("FIELDLAB_TEST_RUN", f"{os.getpid()}_{secrets.token_hex(3)}")
    os.environ["MEDIA_ROOT"] = str(media_root())
    missing = [name for name in NAMES if not os.environ.get(name)]
    if missing == list(NAMES):
        _start()
    elif missing:
        raise SystemExit(f"Set {', '.join(missing)} too, or none of {', '.join(NAMES)}: the tests then start their own services.")


def _start() -> None:
    """Start services that forget everything; they end with this process, also when it is killed."""
    global _embedded
    for name in [name for name in os.environ if name.startswith("PG")]:
        del os.environ[name]  # libpq would take these as settings
    folder = Path(tempfile.mkdtemp(prefix="fieldlab-tests-"))
    folder.chmod(0o711)
    _embedded = Processes(folder)
    _embedded.remove_at_end(folder)
    try:
        os.environ.update(start_embedded(_embedded, folder, durable=False))
    except BaseException:
        stop()
        raise


def media_root() -> Path:
    """Where the photos of this run lie; made when there is one."""
    return Path(tempfile.gettempdir()) / f"fieldlab-media-{os.environ['FIELDLAB_TEST_RUN']}"


def stop() -> None:
    """End the embedded services, where this process started them, and throw the photos away."""
    global _embedded
    shutil.rmtree(media_root(), ignore_errors=True)
    if _embedded:
        _embedded.stop()
        _embedded = None


def redis_url(worker: int) -> str:
    """This worker's own database, counted from the last of sixteen: tests empty theirs, and what people keep is in the first."""
    url, database = os.environ["REDIS_URL"].partition("?")[0], 15 - worker % 15
    return f"{url}?db={database}" if url.startswith("unix:") else urlsplit(url)._replace(path=f"/{database}").geturl()
