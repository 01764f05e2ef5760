def use_running_demo() -> None:
    """While a demo runs in this checkout, use its database and Redis."""
