"""Lines written before there were chains: one chain for each organization, in their order."""

import uuid

from django.db import migrations

from referrals.audit.chain import BEGINNING, sign
from referrals.tenancy import organization, rewriting


def chain(apps, schema_editor):
    """Give each line its place and signature; the owner alone may."""
    owners = apps.get_model("referrals", "Organization").objects.values_list("pk", flat=True)
    for owner in [None, *owners]:
        with organization(owner), rewriting("referrals_auditevent"):
            _chain_owner(apps, owner)


def _chain_owner(apps, owner):
    events = apps.get_model("referrals", "AuditEvent").objects
    pk, number, mac = uuid.uuid4(), 0, BEGINNING
    for event in events.filter(organization_id=owner, chain=None).order_by("at", "id"):
        number += 1
        told = [pk, number, event.pk, event.at, event.kind]
        told += [event.actor_id, owner, event.under_id, event.target_kind, event.target_id]
        mac = sign("event", [mac, *told])
        events.filter(pk=event.pk).update(chain=pk, number=number, mac=mac)
    if number:
        seal = sign("head", [pk, owner, number, mac])
        heads = apps.get_model("referrals", "AuditChain").objects
        heads.create(id=pk, organization_id=owner, length=number, mac=mac, seal=seal)


class Migration(migrations.Migration):
    """Written in the order of their time."""

    dependencies = [("referrals", "0009_chain_the_record")]
    operations = [migrations.RunPython(chain, migrations.RunPython.noop)]
