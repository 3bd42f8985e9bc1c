"""The door for operators: ``.venv/bin/python manage.py --help``."""

from __future__ import annotations

import sys

from core.cli import main

if __name__ == "__main__":
    sys.exit(main())
