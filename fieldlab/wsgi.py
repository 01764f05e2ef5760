import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from fieldlab.lib.database import refuse_privileged_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fieldlab.settings")

application = get_wsgi_application()
refuse_privileged_role()
resolve("/")  # reads all views now: the first visitor of each worker would wait most of a second for them
