from django.urls import include, path

from fieldlab import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("mijn/", pages.overview, name="overview"),
    path("account/", include("allauth.urls")),
]
