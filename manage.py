#!/usr/bin/env python
"""Django's command line; `demo` starts everything on this machine (see README.md)."""

import os
import sys


def main() -> None:
    try:
        if sys.argv[1:2] == ["demo"]:
            # The demo starts the database that Django's settings need, so it runs before Django.
            from fieldlab.demo import main as demo

            sys.exit(demo(sys.argv[2:]))
        from django.core.management import execute_from_command_line
        from environs import EnvError

        from fieldlab.lib.services import use_running_demo
    except ModuleNotFoundError as error:
        sys.exit(f"The Python package {error.name} is not installed here. Say: uv run manage.py {' '.join(sys.argv[1:])}")
    use_running_demo()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fieldlab.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(f"fieldlab does not start: {error}")


if __name__ == "__main__":
    main()
