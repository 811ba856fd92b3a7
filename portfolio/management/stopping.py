"""Ending processes: asked first, made to when they do not. Knows nothing of what they do."""

import signal
import subprocess
import time
from collections.abc import Iterable


def stop_all(processes: "Iterable[subprocess.Popen[bytes] | None]", *, seconds: float) -> None:
    """Ask processes to end, all at once, and kill those that have not after so many seconds."""
    running = [process for process in processes if process is not None and process.poll() is None]
    for process in running:
        process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + seconds
    for process in running:
        try:
            process.wait(max(deadline - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
