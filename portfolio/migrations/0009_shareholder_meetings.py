"""Shareholder meetings: resolutions, votes, documents, and the household's own types."""

import django.db.models.deletion
import portfolio.models.meetings
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('portfolio', '0008_calendar_feeds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalMeeting',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('kind', models.CharField(choices=[('AGM', 'Annual general meeting'), ('EGM', 'Extraordinary general meeting')], default='AGM', max_length=3, verbose_name='kind')),
                ('date', models.DateField(verbose_name='date')),
                ('record_date', models.DateField(blank=True, help_text='Who holds shares at its close may vote.', null=True, verbose_name='record date')),
                ('deadline', models.DateTimeField(blank=True, null=True, verbose_name='voting deadline')),
                ('time_zone', models.CharField(default='Europe/London', max_length=40, validators=[portfolio.models.meetings.is_time_zone], verbose_name='time zone')),
                ('link', models.URLField(blank=True, max_length=500, validators=[portfolio.models.meetings.is_web_address], verbose_name='link')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instrument', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portfolio.instrument', verbose_name='company')),
            ],
            options={
                'verbose_name': 'historical shareholder meeting',
                'verbose_name_plural': 'historical shareholder meetings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalOwnResolutionType',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=80, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                ('explanation', models.TextField(blank=True, verbose_name='explanation')),
                ('explanation_zh', models.TextField(blank=True, verbose_name='Chinese explanation')),
                ('wording', models.CharField(blank=True, help_text='Separated by commas: a pasted title with one of them gets this type.', max_length=200, verbose_name='told by the words')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical own type of resolution',
                'verbose_name_plural': 'historical own types of resolutions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Meeting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('AGM', 'Annual general meeting'), ('EGM', 'Extraordinary general meeting')], default='AGM', max_length=3, verbose_name='kind')),
                ('date', models.DateField(verbose_name='date')),
                ('record_date', models.DateField(blank=True, help_text='Who holds shares at its close may vote.', null=True, verbose_name='record date')),
                ('deadline', models.DateTimeField(blank=True, null=True, verbose_name='voting deadline')),
                ('time_zone', models.CharField(default='Europe/London', max_length=40, validators=[portfolio.models.meetings.is_time_zone], verbose_name='time zone')),
                ('link', models.URLField(blank=True, max_length=500, validators=[portfolio.models.meetings.is_web_address], verbose_name='link')),
                ('notes', models.TextField(blank=True, verbose_name='notes')),
                ('reminded_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='reminded at')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='meetings', to='portfolio.instrument', verbose_name='company')),
            ],
            options={
                'verbose_name': 'shareholder meeting',
                'verbose_name_plural': 'shareholder meetings',
                'ordering': ['-date', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='HistoricalMeetingDocument',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('file', models.TextField(max_length=100, verbose_name='file')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('content_type', models.CharField(max_length=40, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('added_at', models.DateTimeField(blank=True, editable=False, verbose_name='added at')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portfolio.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'historical document of a meeting',
                'verbose_name_plural': 'historical documents of meetings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='MeetingDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(upload_to=portfolio.models.meetings.document_path, verbose_name='file')),
                ('name', models.CharField(max_length=160, verbose_name='name')),
                ('content_type', models.CharField(max_length=40, verbose_name='type')),
                ('size', models.PositiveIntegerField(verbose_name='size')),
                ('added_at', models.DateTimeField(auto_now_add=True, verbose_name='added at')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='documents', to='portfolio.meeting', verbose_name='meeting')),
            ],
            options={
                'verbose_name': 'document of a meeting',
                'verbose_name_plural': 'documents of meetings',
                'ordering': ['added_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='OwnResolutionType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('name_zh', models.CharField(blank=True, max_length=80, verbose_name='Chinese name')),
                ('explanation', models.TextField(blank=True, verbose_name='explanation')),
                ('explanation_zh', models.TextField(blank=True, verbose_name='Chinese explanation')),
                ('wording', models.CharField(blank=True, help_text='Separated by commas: a pasted title with one of them gets this type.', max_length=200, verbose_name='told by the words')),
            ],
            options={
                'verbose_name': 'own type of resolution',
                'verbose_name_plural': 'own types of resolutions',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='own_resolution_type_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='HistoricalResolution',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(help_text='On the agenda, from 1.', verbose_name='place')),
                ('number', models.CharField(blank=True, max_length=16, verbose_name='number')),
                ('title', models.CharField(max_length=600, verbose_name='title')),
                ('type', models.CharField(choices=[('ACCOUNTS', 'Annual report and accounts'), ('DIVIDEND', 'Dividend or distribution of earnings'), ('REMUNERATION_REPORT', 'Remuneration report'), ('REMUNERATION_POLICY', 'Remuneration policy'), ('DIRECTORS_ELECTION', 'Election of directors'), ('AUDITORS_APPOINTMENT', 'Appointment of auditors'), ('AUDITORS_REMUNERATION', "Auditors' remuneration"), ('ALLOTMENT', 'Authority to allot shares'), ('PRE_EMPTION', 'Disapplication of pre-emption rights'), ('MARKET_PURCHASES', 'On-market purchases of own shares'), ('OFF_MARKET_PURCHASES', 'Off-market purchases of own shares'), ('DONATIONS', 'Donations and expenditure'), ('MEETING_NOTICE', 'Notice of general meetings'), ('SHARE_PLAN', 'Share plan for employees'), ('ARTICLES', 'Articles and rules'), ('CAPITAL', 'Change of the share capital'), ('TRANSACTION', 'Merger, purchase or sale'), ('COMPETITION', 'Release of directors from non-competition'), ('SHAREHOLDER', 'Shareholder resolution'), ('OTHER', 'Other')], default='OTHER', max_length=24, verbose_name='type')),
                ('board_recommendation', models.CharField(blank=True, choices=[('FOR', 'For'), ('AGAINST', 'Against'), ('ABSTAIN', 'Abstain / withheld')], max_length=8, verbose_name="board's recommendation")),
                ('own_vote', models.CharField(blank=True, choices=[('FOR', 'For'), ('AGAINST', 'Against'), ('ABSTAIN', 'Abstain / withheld')], max_length=8, verbose_name='own vote')),
                ('result_for_percent', models.DecimalField(blank=True, decimal_places=3, help_text='Of the votes cast.', max_digits=6, null=True, verbose_name='result: for, %')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='note')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portfolio.meeting', verbose_name='meeting')),
                ('own_type', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='portfolio.ownresolutiontype', verbose_name='own type')),
            ],
            options={
                'verbose_name': 'historical resolution',
                'verbose_name_plural': 'historical resolutions',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField(help_text='On the agenda, from 1.', verbose_name='place')),
                ('number', models.CharField(blank=True, max_length=16, verbose_name='number')),
                ('title', models.CharField(max_length=600, verbose_name='title')),
                ('type', models.CharField(choices=[('ACCOUNTS', 'Annual report and accounts'), ('DIVIDEND', 'Dividend or distribution of earnings'), ('REMUNERATION_REPORT', 'Remuneration report'), ('REMUNERATION_POLICY', 'Remuneration policy'), ('DIRECTORS_ELECTION', 'Election of directors'), ('AUDITORS_APPOINTMENT', 'Appointment of auditors'), ('AUDITORS_REMUNERATION', "Auditors' remuneration"), ('ALLOTMENT', 'Authority to allot shares'), ('PRE_EMPTION', 'Disapplication of pre-emption rights'), ('MARKET_PURCHASES', 'On-market purchases of own shares'), ('OFF_MARKET_PURCHASES', 'Off-market purchases of own shares'), ('DONATIONS', 'Donations and expenditure'), ('MEETING_NOTICE', 'Notice of general meetings'), ('SHARE_PLAN', 'Share plan for employees'), ('ARTICLES', 'Articles and rules'), ('CAPITAL', 'Change of the share capital'), ('TRANSACTION', 'Merger, purchase or sale'), ('COMPETITION', 'Release of directors from non-competition'), ('SHAREHOLDER', 'Shareholder resolution'), ('OTHER', 'Other')], default='OTHER', max_length=24, verbose_name='type')),
                ('board_recommendation', models.CharField(blank=True, choices=[('FOR', 'For'), ('AGAINST', 'Against'), ('ABSTAIN', 'Abstain / withheld')], max_length=8, verbose_name="board's recommendation")),
                ('own_vote', models.CharField(blank=True, choices=[('FOR', 'For'), ('AGAINST', 'Against'), ('ABSTAIN', 'Abstain / withheld')], max_length=8, verbose_name='own vote')),
                ('result_for_percent', models.DecimalField(blank=True, decimal_places=3, help_text='Of the votes cast.', max_digits=6, null=True, verbose_name='result: for, %')),
                ('note', models.CharField(blank=True, max_length=400, verbose_name='note')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='resolutions', to='portfolio.meeting', verbose_name='meeting')),
                ('own_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='portfolio.ownresolutiontype', verbose_name='own type')),
            ],
            options={
                'verbose_name': 'resolution',
                'verbose_name_plural': 'resolutions',
                'ordering': ['meeting', 'place'],
            },
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['AGM', 'EGM'])), name='meeting_of_a_known_kind'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.UniqueConstraint(fields=('instrument', 'kind', 'date'), name='one_meeting_a_day'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('record_date__isnull', True), ('record_date__lte', models.F('date')), _connector='OR'), name='record_date_before_meeting'),
        ),
        migrations.AddConstraint(
            model_name='meeting',
            constraint=models.CheckConstraint(condition=models.Q(('time_zone', ''), _negated=True), name='meeting_has_a_time_zone'),
        ),
        migrations.AddConstraint(
            model_name='meetingdocument',
            constraint=models.CheckConstraint(condition=models.Q(('content_type__in', ('application/pdf', 'image/png', 'image/jpeg', 'text/plain'))), name='document_of_a_known_type'),
        ),
        migrations.AddConstraint(
            model_name='meetingdocument',
            constraint=models.CheckConstraint(condition=models.Q(('size__gt', 0), ('size__lte', 20971520)), name='document_of_a_sensible_size'),
        ),
        migrations.AddConstraint(
            model_name='meetingdocument',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='document_has_a_name'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.UniqueConstraint(fields=('meeting', 'place'), name='one_resolution_a_place'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('type__in', ['ACCOUNTS', 'DIVIDEND', 'REMUNERATION_REPORT', 'REMUNERATION_POLICY', 'DIRECTORS_ELECTION', 'AUDITORS_APPOINTMENT', 'AUDITORS_REMUNERATION', 'ALLOTMENT', 'PRE_EMPTION', 'MARKET_PURCHASES', 'OFF_MARKET_PURCHASES', 'DONATIONS', 'MEETING_NOTICE', 'SHARE_PLAN', 'ARTICLES', 'CAPITAL', 'TRANSACTION', 'COMPETITION', 'SHAREHOLDER', 'OTHER'])), name='resolution_of_a_known_type'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='resolution_has_a_title'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('own_type__isnull', True), ('type', 'OTHER'), _connector='OR'), name='own_type_refines_other'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('own_vote__in', ['', 'FOR', 'AGAINST', 'ABSTAIN'])), name='vote_is_a_known_word'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('board_recommendation__in', ['', 'FOR', 'AGAINST', 'ABSTAIN'])), name='recommendation_is_a_known_word'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('result_for_percent__isnull', True), models.Q(('result_for_percent__gte', 0), ('result_for_percent__lte', 100)), _connector='OR'), name='result_is_a_percentage'),
        ),
    ]
