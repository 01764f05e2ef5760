"""What people say yes or no to, a text a purpose and a language. Words that were used never change: a change is a new version here.

They are laid down unchecked, whatever the language. A coordinator tells which speaker checked one (`actions/texts.py`); before that it
asks for nothing.
"""

from typing import Any, NamedTuple

# lucide's icons
PICTURES = {
    "details": "contact",
    "reminders": "bell-ring",
    "report": "notebook-pen",
    "share": "handshake",
    "learning": "messages-square",
}


class Text(NamedTuple):
    purpose: str
    version: int
    language: str
    title: str
    # A paragraph each
    body: tuple[str, ...]


_DUTCH = [
    Text(
        "details",
        1,
        "nl",
        "Mogen wij uw naam en nummer bewaren?",
        (
            "Dan kunnen wij u bellen en helpen.",
            "Wie u helpt, ziet uw naam en nummer. U ziet zelf wie dat is.",
            "Wij vragen niets over uw uitkering, geld, schulden of ziekte.",
            "Wij geven niets door zonder uw toestemming.",
            "Het is vrijwillig. U kunt altijd stoppen. Dan wissen wij alles als u dat wilt.",
        ),
    ),
    Text(
        "reminders",
        1,
        "nl",
        "Mogen wij u helpen onthouden wanneer u een afspraak heeft?",
        (
            "U krijgt dan een bericht voor de afspraak.",
            "In het bericht staan de dag, de tijd en de plaats. En wie u kunt bellen.",
            "Waar het over gaat, staat er niet in.",
            "Zegt u nee? Dan blijft uw afspraak gewoon staan.",
        ),
    ),
    Text(
        "report",
        1,
        "nl",
        "Mogen wij opschrijven wat u vertelt?",
        (
            "Wij schrijven het op in uw eigen woorden.",
            "Daarna lezen we het samen. U zegt: klopt, anders of weg.",
            "Alleen wat u goed vindt, blijft staan.",
            "Wij schrijven niets op over ziekte, schulden of inkomsten.",
            "Wie u helpt, kan het lezen. Wij geven niets door zonder uw toestemming.",
            "Zegt u nee? Dan praten we gewoon, zonder papier.",
        ),
    ),
    Text(
        "share",
        1,
        "nl",
        "Mogen wij een plek vertellen dat u komt?",
        (
            "Bijvoorbeeld een naaiatelier of een buurthuis.",
            "Zij krijgen uw voornaam en uw nummer. En wat u samen afspreekt.",
            "Meer krijgen zij niet. Uw verhaal blijft bij u.",
            "Zegt u nee? Dan kunt u er zelf naartoe gaan.",
            "Zegt u later ‘niet meer’? Dan ziet die plek uw naam en nummer meteen niet meer.",
        ),
    ),
    Text(
        "learning",
        1,
        "nl",
        "Mogen wij later vragen wat u ervan vond?",
        (
            "Dan leren wij wat beter kan.",
            "Wij vragen het één keer, na een tijdje.",
            "Uw antwoord komt nergens met uw naam.",
            "Zegt u nee? Dan verandert er niets voor u.",
        ),
    ),
]
_ENGLISH = [
    Text(
        "details",
        1,
        "en",
        "May we keep your name and number?",
        (
            "Then we can call you and help you.",
            "Whoever helps you sees your name and number. You see who that is.",
            "We ask nothing about your benefit, money, debts or illness.",
            "We pass nothing on without your consent.",
            "It is voluntary. You may always stop. Then we erase everything if you want that.",
        ),
    ),
    Text(
        "reminders",
        1,
        "en",
        "May we help you remember when you have an appointment?",
        (
            "You then get a message before the appointment.",
            "It says the day, the time and the place. And whom you can call.",
            "It does not say what it is about.",
            "Do you say no? Then your appointment simply stays.",
        ),
    ),
    Text(
        "report",
        1,
        "en",
        "May we write down what you tell us?",
        (
            "We write it down in your own words.",
            "Then we read it together. You say: right, different, or take it away.",
            "Only what you agree with stays.",
            "We write nothing about illness, debts or income.",
            "Whoever helps you can read it. We pass nothing on without your consent.",
            "Do you say no? Then we just talk, without paper.",
        ),
    ),
    Text(
        "share",
        1,
        "en",
        "May we tell a place that you are coming?",
        (
            "For example a sewing workshop or a community centre.",
            "They get your first name and your number. And what you agree together.",
            "They get no more. Your story stays with you.",
            "Do you say no? Then you can go there yourself.",
            "Do you say ‘no longer’ later? Then that place no longer sees your name and number, at once.",
        ),
    ),
    Text(
        "learning",
        1,
        "en",
        "May we ask you later what you thought of it?",
        (
            "Then we learn what can be better.",
            "We ask it once, after a while.",
            "Your answer stands nowhere with your name.",
            "Do you say no? Then nothing changes for you.",
        ),
    ),
]
# Made by a machine, and by nobody checked
_ARABIC = [
    Text(
        "details",
        1,
        "ar",
        "هل يمكننا أن نحتفظ باسمك ورقم هاتفك؟",
        (
            "عندها نستطيع أن نتصل بك ونساعدك.",
            "من يساعدك يرى اسمك ورقمك. وأنت ترى من هو.",
            "لا نسأل عن إعانتك أو مالك أو ديونك أو مرضك.",
            "لا ننقل أي شيء إلى أحد دون موافقتك.",
            "المشاركة اختيارية. يمكنك أن تتوقف دائمًا. عندها نمحو كل شيء إذا أردت ذلك.",
        ),
    ),
    Text(
        "reminders",
        1,
        "ar",
        "هل يمكننا أن نذكّرك بمواعيدك؟",
        (
            "عندها تصلك رسالة قبل الموعد.",
            "في الرسالة اليوم والوقت والمكان. ومن يمكنك أن تتصل به.",
            "لا تذكر الرسالة موضوع الحديث.",
            "هل تقول لا؟ يبقى موعدك كما هو.",
        ),
    ),
    Text(
        "report",
        1,
        "ar",
        "هل يمكننا أن نكتب ما تقوله لنا؟",
        (
            "نكتبه بكلماتك أنت.",
            "ثم نقرؤه معًا. أنت تقول: صحيح، أو غير ذلك، أو احذفه.",
            "لا يبقى إلا ما توافق عليه.",
            "لا نكتب شيئًا عن المرض أو الديون أو الدخل.",
            "من يساعدك يستطيع أن يقرأه. لا ننقل أي شيء إلى أحد دون موافقتك.",
            "هل تقول لا؟ عندها نتحدث فقط، بلا ورق.",
        ),
    ),
    Text(
        "share",
        1,
        "ar",
        "هل يمكننا أن نخبر مكانًا بأنك قادم؟",
        (
            "مثلًا ورشة خياطة أو مركز الحي.",
            "يحصلون على اسمك الأول ورقمك. وعلى ما تتفقون عليه معًا.",
            "لا يحصلون على أكثر من ذلك. قصتك تبقى لك.",
            "هل تقول لا؟ يمكنك أن تذهب إليهم بنفسك.",
            "هل تقول لاحقًا «لم أعد أريد»؟ عندها لا يرى ذلك المكان اسمك ورقمك بعد الآن.",
        ),
    ),
    Text(
        "learning",
        1,
        "ar",
        "هل يمكننا أن نسألك لاحقًا عن رأيك؟",
        (
            "عندها نتعلم ما الذي يمكن أن يكون أفضل.",
            "نسأل مرة واحدة، بعد فترة.",
            "لا يظهر جوابك مع اسمك في أي مكان.",
            "هل تقول لا؟ لا يتغير شيء بالنسبة لك.",
        ),
    ),
]
TEXTS = [*_DUTCH, *_ENGLISH, *_ARABIC]


def lay_down(texts: Any) -> None:
    """Add to the table `texts` (the model ConsentText, or as a migration has it) those that are not there yet."""
    rows = []
    for text in TEXTS:
        values = {"body": "\n".join(text.body), "picture": PICTURES[text.purpose]}
        rows.append(texts(**{**text._asdict(), **values}))
    texts._default_manager.bulk_create(rows, ignore_conflicts=True)
