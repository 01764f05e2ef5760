import pytest
from pathlib import Path
from tests.participants.test_calendar_messages import *
from tests.participants.test_calendar_messages import fatma, agreed, to_participant
pytestmark = pytest.mark.django_db(transaction=True)
def test_zz(fatma, settings):
    settings.INTERPRETER_EMAIL = "t@demo.example"
    a = agreed(fatma, make_participant(fatma, email="s@demo.example", reach="email"), interpreter_language="ti")
    out = []
    for m in OutboxMessage.objects.all():
        out.append(m.subject+"\n\n"+m.text+"\n\n"+m.calendar[-900:]+"\n=====\n")
        Path(f"/tmp/shots4/mail-{m.pk}.html").write_text(m.html)
    from django.utils import translation
    for l in ("nl","en"):
      with translation.override(l):
        for w in ("booked","moved","reminder","cancelled","offer","missed"):
            out.append(w+": "+getattr(words,w)(a).sms+"\n")
    Path("/tmp/mails4.txt").write_text("".join(out))
