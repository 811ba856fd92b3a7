"""Compiles the translations where one has changed. Needs no GNU gettext; unfinished ones (fuzzy) are left out.

Usage: python scripts/translations.py [FOLDER]    The folder is locale/ unless another is named.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main(folder: Path) -> None:
    """Write the .mo beside every .po that is newer."""
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, target)


def _compile(source: Path, target: Path) -> None:
    import polib  # noqa: PLC0415  most starts have nothing to compile

    try:
        catalogue = polib.pofile(str(source), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        sys.exit(f"{source} cannot be compiled: {error}")
    # a server that starts meanwhile must not read half a file
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    catalogue.save_as_mofile(str(unfinished))
    unfinished.replace(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "locale")
