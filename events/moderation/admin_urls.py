"""Pages of the admin site for moderators."""

from django.contrib import admin
from django.urls import path

from events.moderation import pages

app_name = "moderation"
urlpatterns = [
    path("", admin.site.admin_view(pages.queue_page), name="queue"),
    path("next/", admin.site.admin_view(pages.next_page), name="first"),
    path("<str:event_id>/", admin.site.admin_view(pages.item_page), name="item"),
    path("<str:event_id>/next/", admin.site.admin_view(pages.next_page), name="next"),
]
