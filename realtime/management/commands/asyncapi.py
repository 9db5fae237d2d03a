"""manage.py asyncapi: the document of the sockets, checked."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from realtime.notifications.store import ADDRESSES
from realtime.sockets import asyncapi, messages


class Command(BaseCommand):
    help = "Print the AsyncAPI document; fail when it names what is not there, or leaves out what is sent."

    def handle(self, *args: Any, **options: Any) -> None:
        document = asyncapi.document()
        sent = {address.type for addresses in ADDRESSES.values() for address in addresses}
        faults = [f"{ref} leads nowhere" for ref in asyncapi.dangling(document)]
        unknown = sorted(sent - set(messages.NOTIFICATIONS))
        faults += [f"{kind} has no shape in messages.NOTIFICATIONS" for kind in unknown]
        if faults:
            raise CommandError("; ".join(faults))
        self.stdout.write(json.dumps(document, indent=2))
