"""The commands' package. `migrate` imports it before it works, so this is where what follows a migration is connected."""

from django.db.models.signals import post_migrate

from portfolio.roles import grant_permissions

post_migrate.connect(grant_permissions, dispatch_uid="owners may touch every table")
