from django.apps import AppConfig


class PostsConfig(AppConfig):
    name = "jiceng.kernel.posts"
    label = "posts"
    verbose_name = "岗位"

    def ready(self) -> None:
        from jiceng.kernel.access import posts_come_from
        from jiceng.kernel.people.actions import unions_are_followed

        from .actions.uniting import follow
        from .models import Post, Seat
        from .queries import held_now

        posts_come_from(held_now)
        unions_are_followed(follow, Post, Seat)
