"""manage.py seed_demo: demo users, events and bookings."""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from bookings import demo
from config.core.clock import now


class Command(BaseCommand):
    help = "Fill an empty database with demo users, events and bookings. Their password is public: development only."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing, and succeed, if there are users already"
        )
        parser.add_argument("--print-logins", action="store_true", help="only print the demo logins that exist")

    def handle(self, *args: object, if_empty: bool, print_logins: bool, **options: object) -> None:
        if print_logins:
            self.print_logins()
        elif not settings.DEBUG:
            raise CommandError(
                "Demo users have a public password. Set DEBUG=true if this is not a production database."
            )
        elif demo.is_empty():
            made = list(tqdm(demo.seed(now=now()), total=demo.EVENTS, desc="demo events", disable=None))
            self.stdout.write(self.style.SUCCESS(f"{len(made)} demo events made."))
        elif not if_empty:
            raise CommandError("The database has users already; demo data goes into an empty one only.")

    def print_logins(self) -> None:
        existing = demo.existing_logins()
        width = max((len(login.role) for login in existing), default=0)
        for login in existing:
            self.stdout.write(f"{login.role:{width}}  {login.email}  {login.password}")
