from django.urls import path
from rest_framework.routers import SimpleRouter

from bookings.event_views import AttendeesView, BookEventView
from bookings.views import BookingViewSet
from bookings.waitlist.views import WaitlistViewSet

router = SimpleRouter(trailing_slash=False)
router.register("bookings", BookingViewSet, basename="booking")
router.register("waitlist", WaitlistViewSet, basename="waitlist")

urlpatterns = [
    *router.urls,
    path("events/<str:event_id>/book", BookEventView.as_view()),
    path("events/<str:event_id>/bookings", AttendeesView.as_view()),
]
