"""Words that generated initiatives are made of, for measuring: plain, varied, and many of them the same, as in a real city."""

from initiatives.models import Activity, Offer, Theme

# What such a place is called; what it does; what it offers and is about
NAMES = {
    Activity.SEWING: ["Naaiatelier", "Naaicafé", "Stofhoek", "Naaiclub", "Kledinghoek", "Breigroep", "Zoom en Zo"],
    Activity.KITCHEN: ["Buurtkeuken", "Soepclub", "Eettafel", "Kookgroep", "Bakhuis", "Wereldkeuken", "Restjeskeuken"],
    Activity.BIKES: ["Fietshoek", "Fietsenmakerij", "Fietsles", "Trapclub", "Wielerwerkplaats", "Bakfietshoek"],
    Activity.GARDEN: ["Buurttuin", "Moestuin", "Geveltuinen", "Pluktuin", "Stadskas", "Bloementuin", "Kruidentuin"],
    Activity.HOUSE: ["Huiskamer", "Koffiehuis", "Open Huis", "Buurtkamer", "Theehuis", "Ontmoetingsplek", "Inloop"],
    Activity.TABLE: ["Plannentafel", "Praattafel", "Vrouwentafel", "Ideeënhuis", "Startpunt", "Denktafel", "Luisterhoek"],
    Activity.REPAIR: ["Repareerhoek", "Klusclub", "Werkplaats", "Houthoek", "Gereedschapsbank", "Maakplek", "Herstelcafé"],
    Activity.LANGUAGE: ["Taalcafé", "Leesclub", "Huiswerkhoek", "Taaltafel", "Computerhoek", "Leerkamer", "Voorleesclub"],
    Activity.LAUNDRY: ["Wasserij", "Strijkpunt", "Wasbar", "Wasclub", "Strijkhoek"],
    Activity.MUSIC: ["Koor", "Fanfare", "Toneelclub", "Muziekkelder", "Trommelgroep", "Dansgroep", "Oefenruimte"],
}
SUMMARIES = {
    Activity.SEWING: [
        "Samen naaien en kleding maken.",
        "Wij leren u een zoom, een rits en een knoop.",
        "Kleren maken en vermaken, met thee erbij.",
    ],
    Activity.KITCHEN: ["Koken en eten met de buren.", "Elke week een grote pan en een lange tafel.", "U leert koken voor veel mensen."],
    Activity.BIKES: ["Fietsen maken en leren fietsen.", "Band lek? Wij leren u plakken.", "Oude fietsen rijden hier weer weg."],
    Activity.GARDEN: [
        "Samen tuinieren, met groente voor iedereen.",
        "Een groene plek tussen de huizen.",
        "Zaaien, wieden en plukken met de straat.",
    ],
    Activity.HOUSE: ["Koffie, een praatje en hulp met post.", "De deur staat open voor de hele buurt.", "Een warme plek om te zitten."],
    Activity.TABLE: [
        "Praten over wat u kunt en wilt.",
        "Hulp bij een eigen plan, in kleine stappen.",
        "Aan deze tafel begint het, met thee.",
    ],
    Activity.REPAIR: ["Kapot? Wij maken het samen.", "Gereedschap lenen en leren klussen.", "Oude meubels worden weer mooi."],
    Activity.LANGUAGE: ["Nederlands oefenen zonder toets.", "Samen lezen, schrijven en rekenen.", "Hulp bij de computer en de telefoon."],
    Activity.LAUNDRY: ["Wassen en strijken voor de buurt.", "Breng de was, drink een kop koffie.", "Schone kleren en een goed gesprek."],
    Activity.MUSIC: ["Samen zingen. Noten lezen hoeft niet.", "Muziek maken met wat er is.", "Toneel spelen over uw eigen straat."],
}
FOR_WHOM = [
    "Iedereen is welkom.",
    "Kinderen mogen mee.",
    "U hoeft niets te kunnen.",
    "Ook als u alleen wilt kijken.",
    "Bel gerust eerst even.",
    "",
]
SENTENCES = [
    "Wij begonnen met vier buren en één tafel.",
    "Op vrijdag eten wij samen.",
    "Neem uw eigen materiaal mee, of gebruik dat van ons.",
    "De koffie is gratis en meestal warm.",
    "Wie wil helpen, kan elke week een paar uur komen.",
    "Er is altijd iemand die uw taal spreekt.",
    "Wij zitten naast de tramhalte, achter de groene deur.",
    "In de zomer staan wij buiten, op het plein.",
    "U kunt hier werken in uw eigen tempo.",
    "Elke maand verkopen wij wat wij maken op de markt.",
    "Een brief die u niet begrijpt, lezen wij samen.",
    "Het is klein, maar er past altijd iemand bij.",
    "Vragen mag. Twee keer vragen ook.",
    "Wij delen wat wij verdienen.",
    "Onze oudste vrijwilliger is 84 en altijd de eerste.",
    "De sleutel hangt bij de buurvrouw.",
    "Vorig jaar vierden wij ons tienjarig bestaan met een straatfeest.",
    "Voor wie niet goed loopt, is er een lift.",
    "Wij sluiten alleen met kerst.",
    "Soms komt er een plan uit, soms alleen taart.",
    "Wij zoeken nog iemand die kan rekenen.",
    "Aan het eind van de middag ruimen wij samen op.",
]
WHERE_TO = [
    "{hood}",
    "{hood}",
    "van {hood}",
    "aan de {street}",
    "{street}",
    "om de Hoek",
    "Samen",
    "Zonder Haast",
    "voor Iedereen",
    "Plus",
    "{number}",
]
STREETS = [
    "Acaciastraat", "Kastanjelaan", "Dorpskade", "Molenpad", "Kerkplein", "Tulpstraat", "Havenkade", "Wilgenhof", "Spoorlaan", "Marktplein",
    "Lindelaan", "Zeeweg", "Anjerstraat", "Schoolpad", "Bruggracht", "Vogelkade", "Merelhof", "Sterrenplein", "Korenstraat", "Nieuwe Kade",
]  # fmt: skip
OFFERS = {
    Activity.SEWING: [Offer.LESSONS, Offer.MATERIALS, Offer.WORK, Offer.MARKET],
    Activity.KITCHEN: [Offer.MEALS, Offer.WORK, Offer.LESSONS, Offer.WORKSPACE],
    Activity.BIKES: [Offer.MATERIALS, Offer.LESSONS, Offer.WORK],
    Activity.GARDEN: [Offer.NETWORK, Offer.MATERIALS, Offer.WORK],
    Activity.HOUSE: [Offer.NETWORK, Offer.LETTERS, Offer.MEALS, Offer.CHILDCARE],
    Activity.TABLE: [Offer.COACHING, Offer.NETWORK, Offer.MICROFINANCE, Offer.WORKSPACE],
    Activity.REPAIR: [Offer.MATERIALS, Offer.LESSONS, Offer.WORK, Offer.WORKSPACE],
    Activity.LANGUAGE: [Offer.LANGUAGE_PRACTICE, Offer.LESSONS, Offer.LETTERS],
    Activity.LAUNDRY: [Offer.WORK, Offer.MATERIALS, Offer.NETWORK],
    Activity.MUSIC: [Offer.LESSONS, Offer.NETWORK, Offer.MATERIALS],
}
THEMES = {
    Activity.SEWING: [Theme.CLOTHES, Theme.REPAIR],
    Activity.KITCHEN: [Theme.FOOD, Theme.ENTERPRISE],
    Activity.BIKES: [Theme.REPAIR, Theme.MOVEMENT],
    Activity.GARDEN: [Theme.GREEN, Theme.FOOD],
    Activity.HOUSE: [Theme.CARE, Theme.HOME],
    Activity.TABLE: [Theme.ENTERPRISE, Theme.CARE],
    Activity.REPAIR: [Theme.REPAIR, Theme.HOME],
    Activity.LANGUAGE: [Theme.LANGUAGE, Theme.DIGITAL],
    Activity.LAUNDRY: [Theme.CLOTHES, Theme.CARE],
    Activity.MUSIC: [Theme.CULTURE, Theme.GROWING_UP],
}
FIRST_NAMES = [
    "Fatima",
    "Jan",
    "Ayse",
    "Kwame",
    "Els",
    "Mohamed",
    "Ria",
    "Joost",
    "Naima",
    "Henk",
    "Grace",
    "Piet",
    "Oksana",
    "Delano",
    "Mieke",
]
# Written as in `texts/`
HOURS = [
    "ma-vr 9-17",
    "ma-vr 10-16; za 11-15",
    "di do 10-12.30",
    "wo 13-17; za 10-14",
    "ma-za 8.30-18",
    "vr 18-22",
    "zo 11-16",
    "ma wo vr 9-12",
]
# Inhabitants in thousands, about
INHABITANTS = {"A": 87, "B": 1, "E": 150, "F": 165, "K": 147, "M": 143, "N": 105, "S": 21, "T": 92}
