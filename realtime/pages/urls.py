from django.urls import path
from django.views.generic import RedirectView

from realtime.pages import views

urlpatterns = [
    path("console/", views.console, name="console"),
    path("console", RedirectView.as_view(url="/console/")),
    path("e/<str:event_id>", views.event_page, name="event-page"),
]
