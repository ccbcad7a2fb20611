"""Files of records: kept once, opened by the record's own rule, saved and never shown in place, swept in the end."""

import os
import stat
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from jiceng.engines.notices import actions as notices
from jiceng.engines.notices import queries as notice_queries
from jiceng.kernel.access import Role
from jiceng.kernel.files import actions, queries
from jiceng.kernel.files.cleaning.outside import cleaned
from jiceng.kernel.files.models import File
from jiceng.kernel.people.models import Person
from jiceng.lib.refusals import NotAllowed, Refused
from tests.builders import BUILDER, NOON, holder, member, org, root
from tests.engines.notices.cast import drafted
from tests.kernel.accounts.cast import account, signed_in
from tests.kernel.files import samples

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def room(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def branch():
    return org("东山村党支部", under=root())


@pytest.fixture
def secretary(branch):
    return holder(branch, Role.SECRETARY)


@pytest.fixture
def notice(branch):
    today = timezone.localdate()
    return drafted(branch, since=today, until=today + timedelta(days=7), at=timezone.now())


def browser(by):
    return signed_in(account(Person.objects.get(pk=by.person)))


def kept(notice, by=BUILDER, text=samples.CLEAN_TEXT):
    return actions.keep(notice, clean=cleaned(samples.docx(text), "附表.docx"), by=by, at=NOON)


def test_a_file_lies_by_its_digest_and_nobody_else_may_read_it(notice, room):
    made = kept(notice)
    place = queries.path_of(made.digest)
    assert place == room / made.digest[:2] / made.digest
    assert queries.content_of(made.digest).startswith(b"PK") and len(queries.content_of(made.digest)) == made.size
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_the_same_file_twice_is_one(notice):
    assert kept(notice).pk == kept(notice).pk
    assert File.objects.count() == 1


def test_the_records_own_rule_is_asked(notice):
    with pytest.raises(NotAllowed):
        kept(notice, holder(org(), Role.SECRETARY))


def test_so_many_files_and_no_more(notice):
    for number in range(actions.MOST):
        kept(notice, text=f"第{number}份")
    with pytest.raises(Refused, match="最多"):
        kept(notice, text="再一份")


def test_the_files_of_what_is_published_change_no_more(notice, secretary):
    made = kept(notice)
    notices.publish(notice, by=secretary, at=timezone.now())
    with pytest.raises(Refused, match="不能再换"):
        kept(notice, text="另一份")
    with pytest.raises(Refused, match="不能再换"):
        actions.drop(made, by=secretary, at=NOON)


def test_who_does_not_see_the_record_does_not_get_the_file(notice, secretary, branch):
    made = kept(notice)
    assert Client().get(f"/files/{made.ref}/").status_code == 302
    assert browser(holder(org(), Role.SECRETARY)).get(f"/files/{made.ref}/").status_code == 404
    plain = signed_in(account(member(branch, "陈水生")))
    assert plain.get(f"/files/{made.ref}/").status_code == 404  # a draft
    notices.publish(notice, by=secretary, at=timezone.now())
    assert plain.get(f"/files/{made.ref}/").status_code == 200


def test_a_file_is_saved_and_never_shown_in_place(notice, secretary):
    answer = browser(secretary).get(f"/files/{kept(notice).ref}/")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"].startswith("application/vnd.openxml")
    assert answer.content.startswith(b"PK")


def test_what_no_record_has_is_swept_after_a_day_and_not_before(notice, room):
    made, other = kept(notice), kept(notice, text="留着的")
    actions.drop(made, by=BUILDER, at=NOON)
    call_command("files", "sweep", stdout=StringIO())
    assert queries.path_of(made.digest).exists()
    yesterday = time.time() - 25 * 3600
    for one in (made, other):
        os.utime(queries.path_of(one.digest), (yesterday, yesterday))
    call_command("files", "sweep", stdout=StringIO())
    assert not queries.path_of(made.digest).exists() and queries.path_of(other.digest).exists()


def test_a_spoilt_or_lost_content_is_told(notice):
    made = kept(notice)
    call_command("files", "verify", stdout=StringIO())
    queries.path_of(made.digest).write_bytes(b"other")
    with pytest.raises(CommandError, match="1 个"):
        call_command("files", "verify", stdout=StringIO(), stderr=StringIO())


# With notices


def sent(content, name="附表.docx"):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_file_is_put_to_a_draft_and_taken_off_by_pages(notice, secretary):
    client = browser(secretary)
    page = client.post(f"/notices/{notice.ref}/attachments/", sent(samples.docx()), follow=True).content.decode()
    assert "已附上“附表.docx”" in page
    made = File.objects.get()
    assert "不收" not in page and f"/files/{made.ref}/" in page
    refused = client.post(f"/notices/{notice.ref}/attachments/", sent(b"<html>"), follow=True).content.decode()
    assert "只收 Word" in refused
    client.post(f"/notices/{notice.ref}/attachments/{made.ref}/dropping/")
    assert File.objects.count() == 0


def test_a_number_in_a_file_holds_the_notice_up_and_is_told_with_its_place(notice, secretary):
    kept(notice, text="陈水生 440703198001011234")
    with pytest.raises(notices.Revealing, match=r"附件“附表\.docx”的正文第 1 行"):
        notices.publish(notice, by=secretary, at=timezone.now())
    assert "附件“附表.docx”的正文" in browser(secretary).get(f"/notices/{notice.ref}/").content.decode()


def test_a_file_that_cannot_be_read_holds_the_notice_up(notice, secretary):
    queries.path_of(kept(notice, text="丢了的").digest).unlink()
    with pytest.raises(notices.Revealing, match="读不了"):
        notices.publish(notice, by=secretary, at=timezone.now())
    assert "读不了" in browser(secretary).get(f"/notices/{notice.ref}/").content.decode()


def test_a_published_file_is_read_by_anybody_while_the_notice_stands(notice, secretary, tmp_path):
    made = kept(notice)
    notices.publish(notice, by=secretary, at=timezone.now())
    address = f"/public/notices/{notice.ref}/files/{made.ref}/{made.name}"
    assert made.name in Client().get(f"/public/notices/{notice.ref}/").content.decode()
    answer = Client().get(address)
    assert answer.content == queries.content_of(made.digest)
    assert answer.headers["Content-Disposition"].startswith("attachment") and not answer.cookies
    assert Client().get(f"/public/notices/{notice.ref}/files/0000000000/x.docx").status_code == 404
    folder = tmp_path / "copy"
    call_command("public", "export", str(folder), stdout=StringIO())
    assert [path.name for path in Path(folder).rglob("*.docx")] == ["附表.docx"]
    notices.withdraw(notice, reason="误", by=secretary, at=timezone.now())
    assert Client().get(address).status_code == 410


def test_the_digest_of_a_publication_covers_its_files(notice, secretary):
    kept(notice)
    held = notices.publish(notice, by=secretary, at=timezone.now())
    held.files[0]["digest"] = "0" * 64
    assert held.digest != held.digest_now()
    assert notice_queries.text_of(notice).digest_now() == held.digest


def test_a_dropped_draft_leaves_no_file_behind(notice, secretary):
    kept(notice)
    notices.discard(notice, by=secretary, at=NOON)
    assert File.objects.count() == 0
