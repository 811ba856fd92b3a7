"""`person NAME --role owner|viewer|spouse`: makes a login, changes its role, or gives it a new password."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portfolio.management.failures import database_in_words
from portfolio.roles import LastOwnerError, Role, give_role, new_password


class Command(BaseCommand):
    help = (
        "Makes a login with a random password, or changes the role of one. "
        "Owners read and write, viewers read, the spouse reads the salary page."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME")
        parser.add_argument("--role", type=Role, choices=list(Role), help="needed for a new login")
        parser.add_argument("--new-password", action="store_true", help="a forgotten one cannot be shown, only replaced")

    def handle(self, *, name: str, role: Role | None, **options: Any) -> None:
        with database_in_words():
            known = User.objects.filter(username=name).first()
            if known is None and role is None:
                raise CommandError(f"There is no login {name}; to make one, add --role owner, --role viewer or --role spouse.")
            if role is not None:
                known = self._give_role(name, role, is_new=known is None)
            if options["new_password"] and known is not None:
                self.stdout.write(f"{name} has the new password {new_password(user=known)}")

    def _give_role(self, name: str, role: Role, *, is_new: bool) -> User | None:
        if is_new:
            try:
                User(username=name).clean_fields(exclude=["password"])
            except ValidationError as error:
                raise CommandError(f"{name}: {' '.join(error.messages)}") from None
        try:
            user, password = give_role(name=name, role=role)
        except LastOwnerError as error:
            raise CommandError(str(error)) from None
        if password is None:
            self.stdout.write(f"{name} is {role}.")
            return user
        self.stdout.write(f"{name} is {role}, with the password {password}")
        return None
