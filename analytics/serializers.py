"""Shapes of figures."""

from typing import Any

from rest_framework import serializers

from config.fields import MoneyField


class StatusCountsSerializer(serializers.Serializer[Any]):
    DRAFT = serializers.IntegerField()
    PUBLISHED = serializers.IntegerField()
    CANCELLED = serializers.IntegerField()


class TopEventSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    ticketsSold = serializers.IntegerField()
    revenue = MoneyField(max_digits=20)


class OrganizerFiguresSerializer(serializers.Serializer[Any]):
    totalEvents = serializers.IntegerField()
    eventsByStatus = StatusCountsSerializer()
    ticketsSold = serializers.IntegerField()
    totalRevenue = MoneyField(max_digits=24)
    currency = serializers.CharField()
    topSellingEvent = TopEventSerializer(allow_null=True)
