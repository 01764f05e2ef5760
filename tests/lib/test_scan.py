"""Asking clamd, over a real socket."""

import pytest
from django.utils import translation

from fieldlab.lib.errors import DomainError, NotNow
from fieldlab.lib.scan import refuse_harmful
from tests.servers.clamd import EICAR, clamd


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(params=["tcp", "unix"])
def scanner(request, tmp_path, settings):
    with clamd(tmp_path / "clamd" if request.param == "unix" else None) as server:
        settings.CLAMD_URL = server.url
        settings.CLAMD_TIMEOUT_SECONDS = 2.0
        yield server


def test_a_good_file_goes_through_whole(scanner):
    data = bytes(range(256)) * 2000
    refuse_harmful(data)
    assert scanner.seen == [data]


def test_a_harmful_file_is_refused(scanner):
    with pytest.raises(DomainError, match="harmful") as refused:
        refuse_harmful(b"photo" + EICAR)
    assert not isinstance(refused.value, NotNow)


@pytest.mark.parametrize("says", ["", "INSTREAM size limit exceeded. ERROR", "stream: no memory ERROR", "nonsense", "\x00"])
def test_a_scanner_that_cannot_tell_is_one_that_says_no(scanner, says, caplog):
    scanner.says = says
    with pytest.raises(NotNow, match="Try again"):
        refuse_harmful(b"holiday.jpg")
    assert "virus scanner" in caplog.text
    assert "holiday" not in caplog.text


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:9", "unix:///nowhere/clamd"])
def test_a_scanner_that_is_down_is_one_that_says_no(settings, url, caplog):
    settings.CLAMD_URL = url
    with pytest.raises(NotNow, match="Try again"):
        refuse_harmful(b"photo")
    assert "does not answer" in caplog.text


def test_without_a_scanner_nothing_is_asked(settings):
    settings.CLAMD_URL = ""
    refuse_harmful(EICAR)
