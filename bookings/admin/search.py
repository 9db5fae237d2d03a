"""What the lists of bookings and of waitlist entries share."""

from django.db.models import QuerySet

from accounts.models import User, normalize_email
from bookings.models import M
from config.admin.filters import DayFilter
from config.admin.model_admin import IndexedSearch, ReadOnlyAdmin
from journal.history import WithHistory

LONGEST_SEARCH = 20  # customers whose e-mail address begins with the term


class CustomerRecordAdmin(WithHistory, IndexedSearch, ReadOnlyAdmin):
    """Records that belong to a customer and an event, newest first. ``prefix`` begins their ids: ``BK-``."""

    prefix = ""
    list_filter = ("status", ("created_at", DayFilter))
    list_select_related = ("event", "customer")
    search_fields = ("=id",)
    ordering = ("-created_at", "-id")
    sortable_by = ("created_at",)  # the only order that an index serves

    def find(self, queryset: QuerySet[M], term: str) -> QuerySet[M]:
        """Find by the id of the record, the event or the customer, or by the beginning of the e-mail address."""
        field = {self.prefix[:3]: "pk", "EVT": "event", "USR": "customer"}.get(term.upper()[:3])
        if field and "@" not in term:
            return queryset.filter(**{field: term.upper()})
        address = normalize_email(term)
        users = User.objects.filter(email__startswith=address).order_by("email").values_list("pk", flat=True)
        return queryset.filter(customer__in=list(users[:LONGEST_SEARCH])) if len(address) > 2 else queryset.none()
