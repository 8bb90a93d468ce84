"""Runs the named benchmarks: python -m benchmarks acceptance imports search (see dev.py bench)."""

import importlib
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "finder.settings")
    django.setup()
    if sys.argv[1:2] == ["reliability"]:
        importlib.import_module("benchmarks.reliability").main(sys.argv[2:])
    else:
        for name in sys.argv[1:]:
            print(f"\n# {name}", flush=True)
            importlib.import_module(f"benchmarks.{name}").main()
