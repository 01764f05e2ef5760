"""Photos of initiatives: put on the page, taken away, brought back, kept for a year, and never a row without its files."""

import io
import os
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import override_settings
from django.utils import timezone, translation
from PIL import Image

from fieldlab.lib.errors import DomainError, NotNow
from fieldlab.lib.pictures import widths
from initiatives.actions import add_photo, bring_back_photo, describe_photo, discard_draft, photo_file, remove_photo, sweep_photos
from initiatives.models import Initiative, Photo
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_photo
from tests.servers.clamd import EICAR, clamd
from tests.walls.database import owner

pytestmark = pytest.mark.django_db
WORDS = "Four women sew at a long table"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    with translation.override("en"):
        yield settings.MEDIA_ROOT


def jpeg(wide=900, high=600, colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (wide, high), colour).save(out, "JPEG")
    return out.getvalue()


def files():
    return sorted(default_storage.listdir("photos")[1]) if default_storage.exists("photos") else []


def files_of(*photos):
    return sorted(photo_file(photo.key, width).removeprefix("photos/") for photo in photos for width in widths(photo.width))


def add(initiative, at, data=None, **more):
    return add_photo(initiative=initiative, data=data or jpeg(), alternative_text=WORDS, actor=more.pop("actor", None), at=at, **more)


def age(seconds):
    """As if every file there is were written so long ago."""
    then = timezone.now().timestamp() - seconds
    for name in files():
        os.utime(default_storage.path(f"photos/{name}"), (then, then))


def test_a_photo_is_on_the_page_as_a_new_revision(at):
    member = MemberFactory(initiative__checked_revision=1)
    photo = add(member.initiative, at, actor=member.user)
    initiative = Initiative.objects.get()
    assert (initiative.photo, initiative.revision, initiative.checked_revision) == (photo, 2, 1)
    assert initiative.status == "published"
    assert (photo.width, photo.height, photo.alternative_text, photo.uploaded_by) == (900, 600, WORDS, member.user)
    assert files() == files_of(photo)
    assert len(files()) == 3


def test_what_is_replaced_can_be_brought_back(at):
    initiative = InitiativeFactory()
    first, second = add(initiative, at), add(initiative, at)
    assert files() == files_of(first, second)
    bring_back_photo(initiative=initiative, photo=first, actor=None, at=at)
    initiative.refresh_from_db()
    assert (initiative.photo, initiative.revision) == (first, 4)
    with pytest.raises(DomainError, match="for good"):
        bring_back_photo(initiative=initiative, photo=make_photo(InitiativeFactory()), actor=None, at=at)


def test_taken_off_the_page_it_is_kept_and_for_good_it_is_gone(at, django_capture_on_commit_callbacks):
    initiative = InitiativeFactory()
    photo = add(initiative, at)
    for _twice in range(2):
        remove_photo(initiative=initiative, actor=None, at=at, for_good=False)
    initiative.refresh_from_db()
    assert (initiative.photo, initiative.revision) == (None, 3)
    assert files() == files_of(photo)
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(initiative=initiative, actor=None, at=at, for_good=True, photo=photo)
    assert files() == []
    assert not Photo.objects.exists()
    initiative.refresh_from_db()
    assert initiative.revision == 3


def test_for_good_it_goes_from_the_page_too(at, django_capture_on_commit_callbacks):
    initiative = InitiativeFactory()
    add(initiative, at)
    with django_capture_on_commit_callbacks(execute=True):
        remove_photo(initiative=initiative, actor=None, at=at, for_good=True)
    initiative.refresh_from_db()
    assert (initiative.photo, initiative.revision, files()) == (None, 3, [])


def test_another_initiatives_photo_is_not_taken_away(at):
    ours, theirs = InitiativeFactory(), make_photo(InitiativeFactory())
    remove_photo(initiative=ours, actor=None, at=at, for_good=True, photo=theirs)
    assert Photo.objects.get() == theirs


def test_other_words_are_a_revision_and_the_same_words_are_not(at):
    initiative = InitiativeFactory()
    with pytest.raises(DomainError, match="first"):
        describe_photo(initiative=initiative, alternative_text=WORDS, actor=None, at=at)
    add(initiative, at)
    for _twice in range(2):
        describe_photo(initiative=initiative, alternative_text="Two men sew", actor=None, at=at + timedelta(minutes=1))
    initiative.refresh_from_db()
    assert (initiative.photo.alternative_text, initiative.revision) == ("Two men sew", 3)


@pytest.mark.parametrize(
    ("data", "words"), [(b"", WORDS), (b"no photo", WORDS), (jpeg()[:-900], WORDS), (jpeg(), " \x00 "), (jpeg(), "x" * 201)]
)
def test_refused_nothing_is_stored(at, data, words):
    initiative = InitiativeFactory()
    with pytest.raises(DomainError):
        add_photo(initiative=initiative, data=data, alternative_text=words, actor=None, at=at)
    initiative.refresh_from_db()
    assert (files(), Photo.objects.count(), initiative.revision) == ([], 0, 1)


def test_a_harmful_file_is_refused_before_it_is_opened(at, settings):
    with clamd() as scanner:
        settings.CLAMD_URL = scanner.url
        with pytest.raises(DomainError, match="harmful"):
            add(InitiativeFactory(), at, jpeg() + EICAR)
        add(InitiativeFactory(), at)
    with pytest.raises(NotNow):
        add(InitiativeFactory(), at)
    assert Photo.objects.count() == 1


def test_nothing_is_put_on_what_is_archived_thrown_away_or_somebody_elses_draft(at):
    draft = InitiativeFactory(draft=True)
    for initiative in (InitiativeFactory(archived=True), InitiativeFactory(draft=True, registered_by=UserFactory()), draft):
        if initiative is draft:
            discard_draft(draft=draft)
        with pytest.raises(DomainError):
            add(initiative, at, actor=UserFactory())
    assert files() == []


@pytest.mark.django_db(transaction=True)
def test_rolled_back_it_leaves_no_files(at):
    # An entry of before a rule that it no longer meets: the revision cannot be written.
    complete = InitiativeFactory()
    Initiative.objects.filter(pk=complete.pk).update(access="appointment", phone_public=False, email_public=False)
    with pytest.raises(DomainError, match="missing"):
        add(complete, at)
    assert files() == []
    assert not Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_for_good_but_rolled_back_it_is_still_there(at):
    initiative = InitiativeFactory()
    photo = add(initiative, at)
    with transaction.atomic():
        remove_photo(initiative=initiative, actor=None, at=at, for_good=True)
        transaction.set_rollback(True)
    assert files() == files_of(photo)
    assert Initiative.objects.get().photo == photo


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_the_later_is_on_the_page_and_the_other_is_kept():
    initiative = InitiativeFactory()
    outcomes = race(*(lambda colour=colour: add(initiative, timezone.now(), jpeg(colour=colour)) for colour in ("red", "blue")))
    photos = [outcome.result for outcome in outcomes]
    assert [outcome.error for outcome in outcomes] == [None, None]
    initiative.refresh_from_db()
    assert initiative.photo in photos
    assert initiative.revision == 3
    assert files() == files_of(*photos)


@pytest.mark.django_db(transaction=True)
def test_thrown_away_while_it_is_sent():
    """The draft goes at the same moment: a photo without its draft is impossible, files without a row are swept."""
    draft = InitiativeFactory(draft=True)
    added, _discarded = race(lambda: add(draft, timezone.now()), lambda: discard_draft(draft=draft))
    assert added.error is None or isinstance(added.error, DomainError)
    assert not Photo.objects.exists()
    age(7200)
    sweep_photos(at=timezone.now())
    assert files() == []


def test_a_full_disk_is_told_and_leaves_nothing(at, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24k", "tmpfs", str(disk)], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be made here: {mounted.stderr.strip()}")
    try:
        with override_settings(MEDIA_ROOT=disk):
            noisy = io.BytesIO()
            Image.effect_noise((1400, 900), 90).save(noisy, "JPEG")
            initiative = InitiativeFactory()
            with pytest.raises(NotNow, match="cannot keep"):
                add(initiative, at, noisy.getvalue())
            assert files() == []
            assert not Photo.objects.exists()
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_sweeping_removes_files_without_a_row_but_not_those_of_this_hour(at, django_capture_on_commit_callbacks):
    photo, draft = add(InitiativeFactory(), at), InitiativeFactory(draft=True)
    add(draft, at)
    discard_draft(draft=draft)
    (Path(default_storage.path("photos")) / "not-ours.txt").write_text("left alone")
    assert len(files()) == 7
    assert sweep_photos(at=timezone.now()) == 0
    age(7200)
    assert sweep_photos(at=timezone.now()) == 3
    assert sweep_photos(at=timezone.now()) == 0
    assert files() == sorted([*files_of(photo), "not-ours.txt"])


def test_sweeping_before_there_was_a_photo():
    assert sweep_photos(at=timezone.now()) == 0


def test_what_left_its_page_a_year_ago_is_swept(at):
    initiative = InitiativeFactory()
    first, second = add(initiative, at), add(initiative, at)
    Photo.objects.update(uploaded_at=at - timedelta(days=900))
    left = timezone.now()
    assert sweep_photos(at=left + timedelta(days=364)) == 0
    assert sweep_photos(at=left + timedelta(days=366)) == 3
    assert Photo.objects.get() == second
    assert files() == files_of(second)
    assert first not in Photo.objects.all()


@pytest.mark.django_db(transaction=True)
def test_what_counts_is_when_it_left_its_page_not_when_it_came(at):
    initiative = InitiativeFactory()
    add(initiative, at)
    Photo.objects.update(uploaded_at=at - timedelta(days=900))
    with owner(migrating=True) as owned:
        # The history is append-only: only its owner can move its clock
        table = "initiatives_initiativeevent"
        owned.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owned.execute(f"UPDATE {table} SET pgh_created_at = pgh_created_at - interval '900 days'")
        owned.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    remove_photo(initiative=initiative, actor=None, at=at, for_good=False)
    left = timezone.now()
    assert sweep_photos(at=left + timedelta(days=364)) == 0
    assert sweep_photos(at=left + timedelta(days=366)) == 3
    assert not Photo.objects.exists()
