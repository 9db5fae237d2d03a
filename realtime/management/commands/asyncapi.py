"""manage.py asyncapi: print the document of the sockets, once it is checked."""

import json

from django.core.management.base import BaseCommand, CommandError

from realtime.notifications.messages import NOTIFICATIONS
from realtime.notifications.store import ADDRESSES
from realtime.sockets import asyncapi


class Command(BaseCommand):
    help = "Print the AsyncAPI document; fail if a reference in it is broken or a notification type is missing from it."

    def handle(self, *args: object, **options: object) -> None:
        document = asyncapi.build_document()
        sent = {address.type for addresses in ADDRESSES.values() for address in addresses}
        faults = [f"{reference} leads nowhere" for reference in asyncapi.broken_references(document)]
        undocumented = sorted(sent - set(NOTIFICATIONS))
        faults += [f"{notification_type} has no shape in NOTIFICATIONS" for notification_type in undocumented]
        if faults:
            raise CommandError("; ".join(faults))
        self.stdout.write(json.dumps(document, indent=2))
