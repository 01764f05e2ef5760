from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "fieldlab.outbox"
