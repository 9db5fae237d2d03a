from rest_framework.routers import SimpleRouter

from realtime.views import NotificationViewSet
from realtime.webhooks.views import WebhookViewSet

router = SimpleRouter(trailing_slash=False)
router.register("notifications", NotificationViewSet, basename="notification")
router.register("webhooks", WebhookViewSet, basename="webhook")

urlpatterns = router.urls
