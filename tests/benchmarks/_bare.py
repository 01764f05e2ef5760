"""The floor of a web server with Django: one view, no middleware. `granian tests.benchmarks._bare:application`."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fieldlab.settings")
django.setup()
settings.MIDDLEWARE = []  # not before: apps look for theirs
settings.ROOT_URLCONF = __name__


def bare(request):
    return HttpResponse("<!doctype html><title>bare</title>")


urlpatterns = [path("bare/", bare)]
application = WSGIHandler()
