#!/usr/bin/env python
"""Django's command line; `demo` starts everything on this machine (see README.md)."""

import os
import sys


def main() -> None:
    if sys.argv[1:2] == ["demo"]:
        # The demo starts the database that Django's settings need, so it runs before Django.
        from fieldlab.demo import main as demo

        sys.exit(demo(sys.argv[2:]))
    from fieldlab.lib.services import use_running_demo

    use_running_demo()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fieldlab.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
