"""Dutch and English are complete, and help languages hold what pages for participants say.

What runs is what was translated: the .mo files are in git, as not every machine has gettext.
"""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUES = [ROOT / "locale" / language / "LC_MESSAGES" / "django.po" for language, _name in settings.LANGUAGES]
# What stands in these is filled; what does not is said in Dutch. tests/participants/test_help_languages.py names what is missing.
HELP = [ROOT / "locale" / language / "LC_MESSAGES" / "django.po" for language, _name in settings.HELP_LANGUAGES]
PACKAGES = ["fieldlab", "initiatives", "participants", "workshops", "challenge", "templates", "static", "locale"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def key(entry):
    return (entry.msgctxt, entry.msgid)


@pytest.fixture(params=[*CATALOGUES, *HELP], ids=lambda path: path.parts[-3])
def catalogue(request):
    return polib.pofile(str(request.param))


def test_every_text_is_translated(catalogue):
    assert len(catalogue) > 0
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_placeholders_survive_translation(catalogue):
    faults = []
    for entry in catalogue:
        wanted = _placeholders(entry.msgid) | _placeholders(entry.msgid_plural)
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        # A singular may leave the number out, the last form holds all.
        if any(not _placeholders(text) <= wanted for text in texts) or _placeholders(max(texts, key=len)) != wanted:
            faults.append((entry.msgid, texts))
    assert faults == []


def _placeholders(text):
    return set(PLACEHOLDER.findall(text))


def test_what_is_compiled_is_what_is_written(catalogue):
    with Path(catalogue.fpath).with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    stale = []
    for entry in catalogue:
        if entry.msgid_plural:
            found = {form: compiled._catalog.get((_in_context(entry), form)) for form in entry.msgstr_plural}
            stale += [entry.msgid] if found != entry.msgstr_plural else []
        elif compiled._catalog.get(_in_context(entry)) != entry.msgstr:
            stale.append(entry.msgid)
    assert stale == [], "run `just messages` and commit the .mo files"


def _in_context(entry):
    return f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid


def test_no_text_in_the_code_is_missing_from_the_catalogues(tmp_path):
    if not shutil.which("xgettext"):
        message = "gettext is not installed, so new texts were not looked for. On Debian: apt install gettext"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "nl", "--no-obsolete", "--verbosity", "0"],
        cwd=tmp_path,
        check=True,
        timeout=120,
    )
    in_code = {key(entry) for entry in polib.pofile(str(tmp_path / CATALOGUES[0].relative_to(ROOT)))}
    for path in CATALOGUES:
        written = {key(entry) for entry in polib.pofile(str(path)) if not entry.obsolete}
        assert sorted(text for _context, text in in_code - written) == [], "run `just messages` and translate"
        assert sorted(text for _context, text in written - in_code) == [], "no longer in the code"
    for path in HELP:
        written = {key(entry) for entry in polib.pofile(str(path))}
        assert sorted(text for _context, text in written - in_code) == [], "no longer in the code: run `just messages`"


@pytest.mark.parametrize("path", HELP, ids=lambda path: path.parts[-3])
def test_a_help_language_says_who_checked_it_and_has_all_its_plurals(path):
    catalogue = polib.pofile(str(path))
    assert catalogue.metadata["Last-Translator"]
    forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])
    assert [entry.msgid for entry in catalogue if entry.msgid_plural and len(entry.msgstr_plural) != forms] == []
