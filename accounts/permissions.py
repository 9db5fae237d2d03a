"""Permissions by the role of the user."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.authentication import actor_of_request


class IsOrganizer(BasePermission):
    message = "Only organizers may do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return actor_of_request(request).is_organizer


class IsCustomer(BasePermission):
    message = "Only customers may do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return actor_of_request(request).is_customer


class IsStaff(BasePermission):
    message = "Only staff may do this."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return actor_of_request(request).is_staff
