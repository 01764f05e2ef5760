from django.urls import path

from fieldlab.outbox import views

urlpatterns = [
    path("demo/postvak/", views.demo_mailbox, name="demo_mailbox"),
    path("demo/postvak/<int:pk>/", views.demo_letter, name="demo_letter"),
]
