from django.urls import path

from accounts import views

urlpatterns = [
    path("auth/register", views.RegisterView.as_view()),
    path("auth/login", views.LoginView.as_view()),
    path("auth/refresh", views.RefreshView.as_view()),
    path("auth/logout", views.LogoutView.as_view()),
    path("auth/me", views.MeView.as_view()),
    path("auth/password", views.PasswordView.as_view()),
    path("auth/password/reset", views.RequestResetView.as_view()),
    path("auth/password/reset/confirm", views.ResetPasswordView.as_view()),
    path("auth/create-admin", views.CreateAdminView.as_view()),
    path("register", views.RegisterView.as_view(), name="register-short"),
    path("login", views.LoginView.as_view(), name="login-short"),
]
