from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jiceng.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from jiceng.kernel.people.actions import unions_are_followed

        from .actions.accounts import stay_with_dropped
        from .models import User

        unions_are_followed(stay_with_dropped, User)
