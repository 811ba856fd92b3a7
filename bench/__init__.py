"""Timings of the app beside a plain yardstick in the same run: `python -m bench`, read with docs/performance.md."""
