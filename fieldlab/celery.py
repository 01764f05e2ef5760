"""The job queue. Beat only wakes scans: each scan takes due rows with SKIP LOCKED, so missing or doubling a beat harms nothing."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fieldlab.settings")

app = Celery("fieldlab")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
