"""How easy the public pages read, printed as a warning and never a pass mark: the figure counts syllables, it does not read."""

import re
import sys
from html.parser import HTMLParser

import pytest
import textstat
from django.urls import NoReverseMatch, reverse

pytestmark = pytest.mark.django_db

PAGES = ["home", "map", "register", "about", "privacy", "accessibility", "complaints", "account_login", "account_signup"]
EASY = 60  # Flesch-Douma: 60 to 70 is standard Dutch, 70 and up reads easily


class _Text(HTMLParser):
    """The sentences of <main>: headings, paragraphs, list items and labels, each closed by a full stop."""

    BLOCKS = {"h1", "h2", "h3", "p", "li", "dt", "dd", "label", "legend", "summary"}

    def __init__(self):
        super().__init__()
        self.inside, self.block, self.sentences = 0, 0, [""]

    def handle_starttag(self, tag, attrs):
        self.inside += tag == "main"
        if tag in self.BLOCKS:
            self.block += 1
            self.sentences.append("")

    def handle_endtag(self, tag):
        self.inside -= tag == "main"
        self.block -= tag in self.BLOCKS

    def handle_data(self, data):
        if self.inside and self.block:
            self.sentences[-1] += data


def _reading_ease(html):
    reader = _Text()
    reader.feed(html)
    lines = [re.sub(r"\s+", " ", line).strip() for line in reader.sentences]
    text = " ".join(line if line[-1] in ".?!" else f"{line}." for line in lines if line)
    textstat.set_lang("nl")
    return textstat.flesch_reading_ease(text) if text else None


def test_the_figure_tells_hard_from_easy():
    easy = _reading_ease("<main><p>U kunt bellen. Of kom langs. Wij drinken koffie. Wij helpen u graag.</p></main>")
    hard = _reading_ease(
        "<main><p>Participatieprofessionals faciliteren de maatschappelijke ondersteuningsstructuur ten behoeve van"
        " uitkeringsgerechtigde ondernemerschapsgeïnteresseerden binnen gemeentelijke samenwerkingsverbanden.</p></main>"
    )
    assert easy > 80 > 20 > hard


def test_public_pages(client, capsys):
    figures = {}
    for name in PAGES:
        try:
            url = reverse(name)
        except NoReverseMatch:
            continue
        response = client.get(url, follow=True)
        figures[url] = _reading_ease(response.content.decode()) if response.status_code == 200 else None
    hard = {url: figure for url, figure in figures.items() if figure is not None and figure < EASY}
    if hard:
        with capsys.disabled():
            print("\nreading ease (Flesch-Douma), a warning only: " + ", ".join(f"{u} {f:.0f}" for u, f in hard.items()), file=sys.stderr)
