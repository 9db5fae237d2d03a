from django.urls import path

from analytics.views import MyFiguresView

urlpatterns = [path("analytics/me", MyFiguresView.as_view())]
