"""The addresses of the moderation pages."""

from django.contrib import admin
from django.urls import path

from events.moderation import admin_views

app_name = "moderation"
urlpatterns = [
    path("", admin.site.admin_view(admin_views.queue_page), name="queue"),
    path("next/", admin.site.admin_view(admin_views.next_page), name="first"),
    path("<str:event_id>/", admin.site.admin_view(admin_views.item_page), name="item"),
    path("<str:event_id>/next/", admin.site.admin_view(admin_views.next_page), name="next"),
]
