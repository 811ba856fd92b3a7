"""The demo household: a made-up family, real figures of the market on the days that matter, made-up closes between."""

from portfolio.demo.household import DemoError, Loaded, is_loaded, load, remove

__all__ = ["DemoError", "Loaded", "is_loaded", "load", "remove"]
