"""What follows from a single save or delete: the arrays beside prices and rates, the ledger stamp, the kept old version.

Bulk writes send no signals; `market_data.store` and `importers.save` do the same by themselves.
"""

from typing import Any

from django.db import models
from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from django.utils import timezone

from portfolio.market_data import store
from portfolio.models import (
    Account,
    Distribution,
    Instrument,
    LedgerStamp,
    Meeting,
    OwnResolutionType,
    Price,
    Rate,
    Resolution,
    Salary,
    Split,
    TrackTarget,
    Transaction,
    WithholdingRule,
)

STAMPED = (
    Account,
    Distribution,
    Instrument,
    Meeting,
    OwnResolutionType,
    Resolution,
    Salary,
    Split,
    TrackTarget,
    Transaction,
    WithholdingRule,
)


def _bump(*, raw: bool = False, **_: Any) -> None:
    if not raw:
        LedgerStamp.bump()


for _model in STAMPED:
    post_save.connect(_bump, sender=_model, dispatch_uid=f"stamp after saving {_model.__name__}")
    post_delete.connect(_bump, sender=_model, dispatch_uid=f"stamp after deleting {_model.__name__}")


@receiver(pre_save, sender=Price)
@receiver(pre_save, sender=Rate)
def forget_the_old_day(*, sender: type[models.Model], instance: Any, raw: bool = False, **_: Any) -> None:
    """Take a row out of the array it stood in, so that one whose date or instrument is edited leaves no ghost there."""
    # a fixture brings its own arrays, or is followed by store.rebuild_series()
    if raw or instance.pk is None:
        return
    stored = sender._default_manager.filter(pk=instance.pk).first()
    if stored is not None and store.place_of(stored) != store.place_of(instance):
        store.forget_row(stored)


@receiver(post_save, sender=Price)
@receiver(post_save, sender=Rate)
def remember_the_day(*, instance: Any, raw: bool = False, **_: Any) -> None:
    """Put the saved row into its array."""
    if not raw:
        store.remember_row(instance)


@receiver(post_delete, sender=Price)
@receiver(post_delete, sender=Rate)
def forget_the_day(*, sender: type[models.Model], instance: Any, origin: Any = None, **_: Any) -> None:
    """Take the deleted row out of its array."""
    # deleting an instrument takes its array along; one rewrite per close would only be slow
    gone_with_its_owner = not (isinstance(origin, sender) or getattr(origin, "model", None) is sender)
    if not gone_with_its_owner:
        store.forget_row(instance)


@receiver(pre_save, sender=Transaction)
@receiver(pre_save, sender=Instrument)
def keep_the_first_version(*, sender: type[models.Model], instance: Any, raw: bool = False, **_: Any) -> None:
    """Write down a row as it was imported before its first edit: an import is one audit entry, not one per row."""
    if raw or instance.pk is None or sender.history.filter(id=instance.pk).exists():
        return
    stored = sender._default_manager.filter(pk=instance.pk).first()
    if stored is not None:
        stored._history_date = getattr(stored, "created_at", None) or timezone.now()
        sender.history.bulk_history_create([stored], default_change_reason="as imported")
