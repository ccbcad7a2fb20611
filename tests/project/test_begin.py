"""A real installation begins: the top of the tree, the first people, and nothing twice."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from jiceng.kernel.accounts.models import User
from jiceng.kernel.orgs.models import Organisation
from jiceng.kernel.posts.models import Post

pytestmark = pytest.mark.django_db

TEXT = """
code = "DJ"
name = "中共东江县委员会"
founded_on = 1990-07-01

[[people]]
post = "officer"
name = "王组织"
sex = "2"
birth_on = 1985-03-02
joined_on = 2008-07-01
education = "21"
occupation = "05"

[[people]]
post = "security-administrator"
name = "赵安全"
sex = "1"
birth_on = 1979-11-20
joined_on = 2003-07-01
education = "21"
occupation = "05"
"""


def test_the_first_people_get_their_posts_and_their_slips(tmp_path, capsys):
    file = tmp_path / "begin.toml"
    file.write_text(TEXT, encoding="utf-8")
    call_command("begin", file)
    said = capsys.readouterr().out
    assert [user.username in said and user.must_change for user in User.objects.all()] == [True, True]
    assert sorted(Post.objects.values_list("role", flat=True)) == ["officer", "security-administrator"]
    with pytest.raises(CommandError, match="已经有组织"):
        call_command("begin", file)


def test_a_wrong_file_leaves_nothing(tmp_path):
    file = tmp_path / "begin.toml"
    file.write_text(TEXT.replace('"21"', '"没有这个代码"', 1), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("begin", file)
    assert not Organisation.objects.exists()
