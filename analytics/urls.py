from django.urls import path

from analytics import views

urlpatterns = [
    path("analytics/me", views.MyFiguresView.as_view()),
    path("analytics/me/timeseries", views.MyTimeSeriesView.as_view()),
    path("analytics/overview", views.OverviewView.as_view()),
    path("analytics/revenue", views.RevenueView.as_view()),
    path("analytics/events", views.RankingView.as_view()),
]
