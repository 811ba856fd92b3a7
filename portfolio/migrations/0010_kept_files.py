"""The original file of an import, uploads that wait for a yes, documents of rows and imports, and what an undo needs."""

import django.db.models.deletion
import portfolio.models.files
import simple_history.models
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0009_shareholder_meetings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='ledgerimport',
            name='changes',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='file',
            field=models.FileField(blank=True, storage=portfolio.models.files.private_storage, upload_to=portfolio.models.files.import_path, verbose_name='original file'),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='undone_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='undone at'),
        ),
        migrations.AddField(
            model_name='ledgerimport',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.CreateModel(
            name='HistoricalLedgerDocument',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('file', models.TextField(max_length=100, verbose_name='file')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('content_type', models.CharField(max_length=40, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('added_at', models.DateTimeField(blank=True, editable=False, verbose_name='added at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('row', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portfolio.transaction', verbose_name='transaction')),
                ('source', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portfolio.ledgerimport', verbose_name='import')),
            ],
            options={
                'verbose_name': 'historical document',
                'verbose_name_plural': 'historical documents',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='StagedUpload',
            fields=[
                ('token', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('file', models.FileField(storage=portfolio.models.files.private_storage, upload_to=portfolio.models.files.upload_path)),
                ('name', models.CharField(max_length=255, verbose_name='file')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('format', models.CharField(blank=True, max_length=40, verbose_name='format')),
                ('account', models.CharField(blank=True, max_length=80, verbose_name='account')),
                ('mapping', models.JSONField(blank=True, null=True)),
                ('preset', models.CharField(blank=True, max_length=80)),
                ('edits', models.JSONField(blank=True, default=dict)),
                ('uploaded_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'upload',
                'verbose_name_plural': 'uploads',
                'ordering': ['uploaded_at', 'name'],
            },
        ),
        migrations.CreateModel(
            name='LedgerDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(storage=portfolio.models.files.private_storage, upload_to=portfolio.models.files.document_path, verbose_name='file')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('content_type', models.CharField(max_length=40, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added at')),
                ('row', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='portfolio.transaction', verbose_name='transaction')),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='portfolio.ledgerimport', verbose_name='import')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['added_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('row__isnull', True), ('source__isnull', True), _connector='XOR'), name='document_of_one_thing'), models.CheckConstraint(condition=models.Q(('content_type__in', ('application/pdf', 'image/png', 'image/jpeg', 'image/webp', 'image/gif'))), name='ledger_document_of_a_known_type'), models.CheckConstraint(condition=models.Q(('size__gt', 0), ('size__lte', 20000000)), name='ledger_document_of_a_sensible_size')],
            },
        ),
    ]
