"""One number that changes whenever rows, prices or settings change: the key of every cache. Computes nothing."""

from django.db import connection, models


class LedgerStamp(models.Model):
    """The count of changes so far. One row, key 1; `bump` belongs into the transaction of the change itself."""

    value = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_ledger_stamp")]

    def __str__(self) -> str:
        return str(self.value)

    @classmethod
    def current(cls) -> int:
        """Return the stamp as stored; 0 before the first change.

        Every page asks for it, and a plain cursor answers in a tenth of the time.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT value FROM portfolio_ledgerstamp WHERE id = 1")
            found = cursor.fetchone()
        return int(found[0]) if found else 0

    @classmethod
    def bump(cls) -> None:
        """Say that something changed. Bulk writers call it themselves, since they send no signals."""
        if not cls.objects.filter(pk=1).update(value=models.F("value") + 1):
            cls.objects.get_or_create(pk=1, defaults={"value": 1})
