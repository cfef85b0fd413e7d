"""The demo's command line: ``python -m demo up``, ``seed``, ``reset`` and ``manage``."""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
    from demo.command_line import main

    sys.exit(main(sys.argv[1:]))
