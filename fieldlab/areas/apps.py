from django.apps import AppConfig


class AreasConfig(AppConfig):
    name = "fieldlab.areas"
