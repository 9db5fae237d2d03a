from django.urls import path
from django.views.generic import RedirectView

from realtime import pages

urlpatterns = [
    path("console/", pages.console, name="console"),
    path("console", RedirectView.as_view(url="/console/")),
    path("e/<str:event_id>", pages.event_page, name="event-page"),
]
