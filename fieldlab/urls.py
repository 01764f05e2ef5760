from django.urls import include, path

from fieldlab import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("mijn/", pages.overview, name="overview"),
    path("taal/", pages.set_language, name="set_language"),
    path("wie-zijn-wij/", pages.about, name="about"),
    path("uw-gegevens/", pages.privacy, name="privacy"),
    path("toegankelijkheid/", pages.accessibility, name="accessibility"),
    path("klacht-of-idee/", pages.complaints, name="complaints"),
    path(".well-known/security.txt", pages.security_txt, name="security_txt"),
    path("robots.txt", pages.robots_txt, name="robots_txt"),
    path("omslag/<slug:version>/<slug:kind>/<slug:activity>/<int:variant>.svg", pages.cover, name="cover"),
    path("", include("fieldlab.accounts.urls")),
    path("", include("fieldlab.outbox.urls")),
    path("", include("fieldlab.areas.urls")),
    path("", include("initiatives.urls")),
    path("", include("participants.urls")),
    path("", include("workshops.urls")),
    path("", include("challenge.urls")),
    path("", include("fieldlab.figures.urls")),
]

handler400 = "fieldlab.pages.bad_request"
handler500 = "fieldlab.pages.server_error"
