from django.urls import path

from fieldlab.areas import views

urlpatterns = [
    path("gebieden/grenzen.json", views.area_boundaries, name="area_boundaries"),
    path("adres/suggesties/", views.address_suggestions, name="address_suggestions"),
]
