"""What goes wrong around a command, in words: files that cannot be opened, a database that is not set up."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, ProgrammingError


@contextmanager
def database_in_words() -> Iterator[None]:
    """Turn a missing table, a locked or a vanished database into a sentence that says what to do."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        words = str(error).splitlines()[0]
        if "no such table" in words or "does not exist" in words or "no such column" in words:
            raise CommandError("The database is not set up yet, or is older than the program; run: manage.py migrate") from None
        if "locked" in words:
            raise CommandError("The database is busy with another writer; try again in a moment.") from None
        raise CommandError(f"The database does not answer: {words}") from None
    except DatabaseError as error:
        raise CommandError(f"The database refused: {str(error).splitlines()[0]}. Nothing was written.") from None
