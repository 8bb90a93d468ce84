"""The invented directory for demonstrations and benchmarks; nothing in it is real."""

from finder.demo.loading import DemoError, Loaded, load
from finder.demo.seeding import seed

__all__ = ["DemoError", "Loaded", "load", "seed"]
