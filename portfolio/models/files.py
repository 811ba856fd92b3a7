"""Files that people hand in: uploads that wait for a yes, documents beside the ledger. Under names that nobody can guess.

The folder is never served: a view that knows who asks hands files out.
"""

import uuid
from pathlib import PurePath

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models, transaction
from django.db.models import Q
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

DOCUMENT_TYPES = ("application/pdf", "image/png", "image/jpeg", "image/webp", "image/gif")
DOCUMENT_BYTES = 20_000_000


def private_storage() -> FileSystemStorage:
    """Return the folder of kept files; only the app's own user may read in it."""
    return FileSystemStorage(file_permissions_mode=0o600, directory_permissions_mode=0o700)


def upload_path(_upload: models.Model, _name: str) -> str:
    """Return where an upload waits."""
    return f"uploads/{uuid.uuid4().hex}"


def import_path(_entry: models.Model, _name: str) -> str:
    """Return where the file of an import is kept."""
    return f"imports/{uuid.uuid4().hex}"


def document_path(_document: models.Model, _name: str) -> str:
    """Return where a document is kept."""
    return f"documents/{uuid.uuid4().hex}"


def bare_name(name: str) -> str:
    """Return the last part of a name that may have been a path."""
    return PurePath(name.replace("\\", "/")).name[-255:] or "file"


class StagedUpload(models.Model):
    """A file that was handed in and not saved yet. What its rows would do is worked out anew each time it is looked at."""

    token = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file = models.FileField(upload_to=upload_path, storage=private_storage)
    name = models.CharField(_("file"), max_length=255)
    size = models.PositiveIntegerField(_("size"))  # bytes
    # how the person wants it read; empty: as its content and header say
    format = models.CharField(_("format"), max_length=40, blank=True)
    account = models.CharField(_("account"), max_length=80, blank=True)
    mapping = models.JSONField(null=True, blank=True)  # in the words of importers/mapping.py
    preset = models.CharField(max_length=80, blank=True)  # the name under which the mapping is kept once it is saved
    # by place in the file: the ledger row's columns as text, or {"leave_out": true}
    edits = models.JSONField(default=dict, blank=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["uploaded_at", "name"]
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **options: object) -> None:
        """Keep the name alone."""
        self.name = bare_name(self.name)
        super().save(*args, **options)


class LedgerDocument(models.Model):
    """A confirmation or statement beside one row of the ledger or one import."""

    row = models.ForeignKey(
        "portfolio.Transaction",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("transaction"),
    )
    source = models.ForeignKey(
        "portfolio.LedgerImport",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("import"),
    )
    file = models.FileField(_("file"), upload_to=document_path, storage=private_storage)
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=40)
    size = models.PositiveIntegerField(_("size"))  # bytes
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["added_at", "pk"]
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.CheckConstraint(condition=Q(row__isnull=True) ^ Q(source__isnull=True), name="document_of_one_thing"),
            models.CheckConstraint(condition=Q(content_type__in=DOCUMENT_TYPES), name="ledger_document_of_a_known_type"),
            models.CheckConstraint(
                condition=Q(size__gt=0, size__lte=DOCUMENT_BYTES), name="ledger_document_of_a_sensible_size"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **options: object) -> None:
        """Keep the name alone."""
        self.name = bare_name(self.name)
        super().save(*args, **options)


@receiver(post_delete, sender=StagedUpload, dispatch_uid="an upload takes its file along")
@receiver(post_delete, sender=LedgerDocument, dispatch_uid="a document takes its file along")
def take_the_file_along(*, instance: StagedUpload | LedgerDocument, **_: object) -> None:
    """Delete the file once the row is gone for good; a transaction that fails must not cost it."""
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))
