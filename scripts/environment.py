"""Makes .venv and installs the locked packages into it. Runs on a bare Python: standard library only.

Usage: python3 scripts/environment.py base|dev
"""
# ruff: noqa: S603, T201  (a script talks to the terminal and starts programs it names itself)

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
STAMP = FOLDER / "installed.txt"
OLDEST, NEWEST = (3, 11), (3, 13)
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


# nothing newer than f-strings in here: an old Python, too, has to get as far as saying that it is old
def main(lock):
    """Make the environment if there is none that works, and install what its lock names unless that is done."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(f"Python 3.11, 3.12 or 3.13 is needed, this is {VERSION}. If another is installed: make run PYTHON=python3.12")
    if not is_sound():
        make_environment()
    digest = digest_of(lock)
    if digest in installed():
        return
    install(lock)
    # what dev.txt brings includes the whole of base.txt
    done = [digest, digest_of("base")] if lock == "dev" else [digest]
    STAMP.write_text("\n".join(done) + "\n", encoding="utf-8")


def is_sound():
    """Say whether there is an environment of this Python version that can run pip."""
    if not PYTHON.exists():
        return False
    # pip is looked for, not imported: that alone would cost a second start half its time
    question = "import importlib.util, sys; print(*sys.version_info[:2], sep='.') if importlib.util.find_spec('pip') else None"
    answer = subprocess.run([str(PYTHON), "-c", question], stdout=subprocess.PIPE, check=False)
    return answer.stdout.decode().strip() == VERSION


def make_environment():
    """Make .venv anew, or say which system package that needs."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        sys.exit(
            "This Python cannot make a virtual environment: it comes without ensurepip. "
            f"On Debian and Ubuntu: sudo apt-get install python{VERSION}-venv"
        )
    print("Making a virtual environment in .venv …", flush=True)
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=False).returncode:
        sys.exit("The virtual environment could not be made, for the reason above.")


def install(lock):
    """Install exactly what a lock names; every file is checked against its hash."""
    print(f"Installing the packages of requirements/{lock}.txt; the first time this takes a minute or two …", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    if subprocess.run([*command, "-r", str(lock_file(lock))], check=False).returncode:
        sys.exit("The packages could not be installed, for the reason above. Without a network they cannot be fetched.")


def lock_file(lock):
    """Return the file of a lock."""
    return ROOT / "requirements" / f"{lock}.txt"


def digest_of(lock):
    """Return what changes whenever a lock changes."""
    return f"{lock} {hashlib.sha256(lock_file(lock).read_bytes()).hexdigest()}"


def installed():
    """Return the digests of the locks that are installed."""
    return STAMP.read_text(encoding="utf-8").split("\n") if STAMP.exists() else []


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in {"base", "dev"}:
        sys.exit(__doc__)
    main(sys.argv[1])
