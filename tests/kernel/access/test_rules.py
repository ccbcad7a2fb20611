"""One rule, asked two ways: the list and the one record never disagree, and no record comes twice."""

import pytest

from jiceng.kernel.access import Actor, Held, Role, below, concerned, here, rule
from jiceng.kernel.access.rules import REGISTRY
from jiceng.kernel.orgs.models import Kind, Organisation
from tests.builders import member, org, root

pytestmark = pytest.mark.django_db


@pytest.fixture
def tried():
    """A rule of the test's own, taken off the register afterwards."""
    names = []

    def declare(*grants):
        names.append(f"test.try_{len(names)}")
        return rule(names[-1], *grants)

    yield declare
    for name in names:
        del REGISTRY[name]


def holding(*posts):
    """An actor whose posts are already known, as they are for the rest of one request."""
    actor = Actor("user", "测试", user=1, person=1)
    actor._held[:] = [[Held(role, one.pk, one.path) for role, one in posts]]
    return actor


def test_below_reaches_the_organisation_and_what_is_under_it_but_no_look_alike(tried):
    top = root()
    first = org("一镇党委", under=top, kind=Kind.COMMITTEE)
    look_alikes = [org(f"镇{n}党委", under=top, kind=Kind.COMMITTEE) for n in range(12)]
    branch = org("一村党支部", under=first)
    org("别处党支部", under=look_alikes[9])
    seen = tried(below(Role.OFFICER)).among(Organisation.objects.all(), holding((Role.OFFICER, first)))
    assert set(seen) == {first, branch}


def test_here_reaches_only_the_organisation_itself(tried):
    top = root()
    branch = org("一村党支部", under=top)
    seen = tried(here(Role.SECRETARY)).among(Organisation.objects.all(), holding((Role.SECRETARY, top)))
    assert set(seen) == {top} and branch not in seen


def test_a_post_of_another_role_reaches_nothing(tried):
    top = root()
    seen = tried(below(Role.OFFICER)).among(Organisation.objects.all(), holding((Role.SECRETARY, top)))
    assert list(seen) == []


def test_the_list_and_the_single_question_agree(tried):
    top = root()
    town = org("一镇党委", under=top, kind=Kind.COMMITTEE)
    org("一村党支部", under=town)
    asked, actor = tried(below(Role.OFFICER)), holding((Role.OFFICER, town))
    listed = set(asked.among(Organisation.objects.all(), actor))
    assert {one for one in Organisation.objects.all() if asked.allows(actor, one)} == listed


def test_a_path_to_many_people_does_not_repeat_the_record(tried):
    branch = org("一村党支部")
    person, _, _ = member(branch), member(branch), member(branch)
    actor = Actor("user", person.name, user=1, person=person.pk)
    actor._held[:] = [[Held(Role.OFFICER, branch.pk, branch.path)]]
    seen = tried(below(Role.OFFICER), concerned("members")).among(Organisation.objects.all(), actor)
    assert list(seen) == [branch]
