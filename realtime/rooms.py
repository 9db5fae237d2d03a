"""Who hears what: names of rooms."""


def of_user(user_id: str) -> str:
    return f"user:{user_id}"
