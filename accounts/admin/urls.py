"""Pages of the admin site that replace Django's own: changing one's own password ends the sign-ins of the API too."""

from django.contrib import admin
from django.contrib.auth.views import PasswordChangeView
from django.urls import path, reverse_lazy

from accounts.admin.forms import OwnPasswordForm


class OwnPasswordPage(PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), **admin.site.each_context(self.request)}


urlpatterns = [path("password_change/", admin.site.admin_view(OwnPasswordPage.as_view(), cacheable=True))]
