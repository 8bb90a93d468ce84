"""Chains of the record: each line gets a place and a signature, empty for a moment."""

import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0008_keep_emergency_openings_apart'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditChain',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('organization_id', models.UUIDField(db_index=True, null=True)),
                ('length', models.PositiveBigIntegerField()),
                ('mac', models.BinaryField(max_length=32)),
                ('seal', models.BinaryField(max_length=32)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='auditevent',
            name='referrals_auditevent_kind',
        ),
        migrations.AddField(
            model_name='auditevent',
            name='chain',
            field=models.UUIDField(null=True),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='mac',
            field=models.BinaryField(null=True, max_length=32),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='number',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='kind',
            field=models.CharField(choices=[('patient.created', 'Patient added'), ('patient.read', 'Patient read'), ('patient.listed', 'Patients listed'), ('patient.assigned', 'Colleague assigned'), ('patient.unassigned', 'Assignment ended'), ('needs.written', 'Needs written down'), ('suggestions.read', 'Suggestions read'), ('plan.saved', 'Plan saved'), ('plan.read', 'Plan read'), ('step.done', 'Step done'), ('task.listed', 'Tasks listed'), ('task.opened', 'Task opened'), ('task.done', 'Task done'), ('checkin.written', 'Check-in written down'), ('checkin.contributed', 'Check-in passed on without a name'), ('share.made', 'Share link made'), ('share.opened', 'Share link opened'), ('share.revoked', 'Share link ended'), ('share.code_missed', 'Wrong code at a share link'), ('share.code_reset', 'Code of a share link renewed'), ('newcomer.added', 'Person who meets newcomers entered'), ('newcomer.changed', 'Person who meets newcomers changed'), ('newcomer.shown', 'Person who meets newcomers shown'), ('newcomer.introduced', 'Person who meets newcomers given'), ('held.read', 'What is held read by the patient'), ('held.copied', 'Copy made for the patient'), ('referral.read', 'Referral read'), ('referral.listed', 'Referrals listed'), ('referral.moved', 'Referral moved'), ('referral.reopened', 'Referral taken up again'), ('handout.made', 'Handout made'), ('member.listed', 'Members listed'), ('member.invited', 'Member invited'), ('member.read', 'Member looked at'), ('member.changed', 'Role of a member changed'), ('member.removed', 'Member removed'), ('organization.created', 'Organization created'), ('organization.changed', 'Settings of the organization changed'), ('token.listed', 'Tokens listed'), ('token.made', 'Token made'), ('token.revoked', 'Token revoked'), ('breakglass.opened', 'Opened in an emergency'), ('breakglass.ended', 'Emergency opening ended'), ('account.signed_in', 'Signed in'), ('account.changed', 'Password, address or second step changed'), ('audit.read', 'This record read'), ('patient.purged', 'Everything on a patient deleted'), ('share.purged', 'Ended share link deleted'), ('newcomer.purged', 'Person who met newcomers deleted'), ('patient.held', 'Kept from deletion'), ('patient.hold_lifted', 'No longer kept from deletion'), ('site.restored', 'Restored from a copy'), ('refused', 'Refused')], max_length=30),
        ),
        migrations.AddConstraint(
            model_name='auditevent',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['patient.created', 'patient.read', 'patient.listed', 'patient.assigned', 'patient.unassigned', 'needs.written', 'suggestions.read', 'plan.saved', 'plan.read', 'step.done', 'task.listed', 'task.opened', 'task.done', 'checkin.written', 'checkin.contributed', 'share.made', 'share.opened', 'share.revoked', 'share.code_missed', 'share.code_reset', 'newcomer.added', 'newcomer.changed', 'newcomer.shown', 'newcomer.introduced', 'held.read', 'held.copied', 'referral.read', 'referral.listed', 'referral.moved', 'referral.reopened', 'handout.made', 'member.listed', 'member.invited', 'member.read', 'member.changed', 'member.removed', 'organization.created', 'organization.changed', 'token.listed', 'token.made', 'token.revoked', 'breakglass.opened', 'breakglass.ended', 'account.signed_in', 'account.changed', 'audit.read', 'patient.purged', 'share.purged', 'newcomer.purged', 'patient.held', 'patient.hold_lifted', 'site.restored', 'refused'])), name='referrals_auditevent_kind'),
        ),
    ]
