"""Password hashing."""

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """argon2id with OWASP's parameters: 19 MiB, 2 passes, 1 thread.

    Django's default takes 100 MiB and 8 threads for each login, so a few dozen logins at once exhaust a small host.
    https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
