from django.urls import path
from rest_framework.routers import SimpleRouter

from realtime.notifications.views import NotificationViewSet
from realtime.sockets.views import AsyncAPIView
from realtime.webhooks.views import WebhookViewSet

router = SimpleRouter(trailing_slash=False)
router.register("notifications", NotificationViewSet, basename="notification")
router.register("webhooks", WebhookViewSet, basename="webhook")

urlpatterns = [*router.urls, path("asyncapi", AsyncAPIView.as_view(), name="asyncapi")]
