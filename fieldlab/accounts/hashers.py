from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2idHasher(Argon2PasswordHasher):
    """OWASP's argon2id parameters: 19 MiB, two passes, one lane. Django's 100 MiB lets fifty sign-ins take 3.7 GB."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1
