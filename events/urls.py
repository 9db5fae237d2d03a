from django.urls import path
from rest_framework.routers import SimpleRouter

from events.moderation.views import AppealView, ReportView
from events.views import EventViewSet

router = SimpleRouter(trailing_slash=False)
router.register("events", EventViewSet, basename="event")

urlpatterns = [
    path("events/<str:event_id>/report", ReportView.as_view()),
    path("events/<str:event_id>/appeal", AppealView.as_view()),
    *router.urls,
]
