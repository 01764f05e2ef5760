from django.apps import AppConfig

from fieldlab.celery import app as celery_app

__all__ = ["FieldlabConfig", "celery_app"]


class FieldlabConfig(AppConfig):
    name = "fieldlab"
