"""Finds the one file that the plotly package brings for browsers, where it lies. Imports neither plotly nor its other files."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage

FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Serves `vendor/plotly.min.js` as one static file, so that nothing third-party is copied into the tree."""

    def __init__(self) -> None:
        self.folder = _folder()
        self.storage = FileSystemStorage(location=self.folder)
        # collectstatic puts the file below the storage's prefix
        self.storage.prefix = "vendor"

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Say at the start that charts would stay empty, not at the first page."""
        if (self.folder / FILE).is_file():
            return []
        return [Error(f"{self.folder} has no {FILE}, so pages have no charts", hint="pip install plotly", id="larder.plotly")]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> str | list[str]:
        """Return the file's place for its one address, else nothing."""
        # Django takes any text for a find, an empty one too
        if path != f"vendor/{FILE}":
            return []
        found = str(self.folder / FILE)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, FileSystemStorage]]:
        """Yield the one file."""
        yield FILE, self.storage


def _folder() -> Path:
    spec = find_spec("plotly")
    origin = Path(spec.origin) if spec and spec.origin else Path()
    return origin.parent / "package_data"
