"""The words an entry is described with. A new word is a line here and a migration of its constraint."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    RESIDENTS_GROUP = "residents_group", _("Residents' group")
    SOCIAL_ENTERPRISE = "social_enterprise", _("Social enterprise")
    COMMUNITY_CENTRE = "community_centre", _("Community centre")
    SELF_MANAGED = "self_managed", _("Self-managed place")
    COOPERATIVE = "cooperative", _("Co-operative")
    INFORMAL_GROUP = "informal_group", _("Informal group")


class Activity(models.TextChoices):
    """What people mainly do there; each has its own cut-paper scene."""

    SEWING = "sewing", _("Sewing and clothes")
    KITCHEN = "kitchen", _("Cooking and eating")
    BIKES = "bikes", _("Bicycles")
    GARDEN = "garden", _("Gardening")
    HOUSE = "house", _("Meeting and coffee")
    TABLE = "table", _("Talking and making plans")
    REPAIR = "repair", _("Repairing and making")
    LANGUAGE = "language", _("Language and learning")
    LAUNDRY = "laundry", _("Washing and ironing")
    MUSIC = "music", _("Music and theatre")


class Access(models.TextChoices):
    WALK_IN = "walk_in", _("Yes, when we are open")
    APPOINTMENT = "appointment", _("Only by appointment")
    NO_FIXED_PLACE = "no_fixed_place", _("We have no fixed place")


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waiting for the neighbourhood's check")
    CHANGES_REQUESTED = "changes_requested", _("changes asked")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class Offer(models.TextChoices):
    """What a person can find there."""

    WORK = "work", _("Work or joining in")
    WORKSPACE = "workspace", _("A place to work")
    COACHING = "coaching", _("Somebody who thinks along")
    NETWORK = "network", _("Meeting people")
    LANGUAGE_PRACTICE = "language_practice", _("Practising Dutch")
    LESSONS = "lessons", _("Lessons and workshops")
    MATERIALS = "materials", _("Tools and materials")
    MARKET = "market", _("A place to sell")
    MICROFINANCE = "microfinance", _("Money to begin small")
    LETTERS = "letters", _("Help with letters and forms")
    MEALS = "meals", _("Eating together")
    CHILDCARE = "childcare", _("A place for children")


class Theme(models.TextChoices):
    """What it is about."""

    FOOD = "food", _("Food")
    CLOTHES = "clothes", _("Clothes and fabric")
    GREEN = "green", _("Green")
    REPAIR = "repair", _("Repair and reuse")
    CARE = "care", _("Looking after each other")
    CULTURE = "culture", _("Art and culture")
    MOVEMENT = "movement", _("Sport and movement")
    LANGUAGE = "language", _("Language")
    DIGITAL = "digital", _("Computer and telephone")
    GROWING_UP = "growing_up", _("Children and growing up")
    ENTERPRISE = "enterprise", _("A business of one's own")
    HOME = "home", _("Home and street")


class Audience(models.TextChoices):
    """For whom it is in the first place; none chosen means everybody."""

    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    YOUNG = "young", _("Young people")
    OLDER = "older", _("Older people")
    PARENTS = "parents", _("Parents with children")
    NEWCOMERS = "newcomers", _("People who are new in the Netherlands")
    LIMITATION = "limitation", _("People with a limitation")
    STARTERS = "starters", _("People who want to begin something")


class Language(models.TextChoices):
    """Spoken there. BCP 47, the Netherlands' most used ones; `dse` is Dutch Sign Language."""

    DUTCH = "nl", _("Dutch")
    ENGLISH = "en", _("English")
    ARABIC = "ar", _("Arabic")
    TURKISH = "tr", _("Turkish")
    TAMAZIGHT = "zgh", _("Berber")
    TIGRINYA = "ti", _("Tigrinya")
    UKRAINIAN = "uk", _("Ukrainian")
    SPANISH = "es", _("Spanish")
    POLISH = "pl", _("Polish")
    FRENCH = "fr", _("French")
    PORTUGUESE = "pt", _("Portuguese")
    SURINAMESE = "srn", _("Sranan")
    PAPIAMENTO = "pap", _("Papiamento")
    SOMALI = "so", _("Somali")
    FARSI = "fa", _("Farsi or Dari")
    KURDISH = "ku", _("Kurdish")
    URDU = "ur", _("Urdu")
    HINDI = "hi", _("Hindi")
    TWI = "tw", _("Twi")
    AMHARIC = "am", _("Amharic")
    CHINESE = "zh", _("Chinese")
    BULGARIAN = "bg", _("Bulgarian")
    ROMANIAN = "ro", _("Romanian")
    RUSSIAN = "ru", _("Russian")
    SIGN = "dse", _("Dutch Sign Language")


class Accessibility(models.TextChoices):
    """Facts that can be checked at the door, no promises."""

    STEP_FREE = "step_free", _("No steps at the door")
    TOILET = "toilet", _("Toilet for a wheelchair")
    LIFT = "lift", _("Everything on the ground floor, or a lift")
    TRANSIT = "transit", _("Bus, tram or metro within 300 metres")
    QUIET = "quiet", _("A quiet room")
    HEARING = "hearing", _("Hearing loop")
    GUIDE_DOG = "guide_dog", _("Guide dog welcome")
    STROLLER = "stroller", _("Room for a pram")
    PICTURES = "pictures", _("Explained with pictures")


class Phase(models.TextChoices):
    IDEA = "idea", _("An idea")
    START = "start", _("Just begun")
    GROWING = "growing", _("Growing")
    STABLE = "stable", _("Running steadily")
    STOPPING = "stopping", _("Coming to an end")


class Room(models.TextChoices):
    """Whether somebody new can come now."""

    YES = "yes", _("yes")
    WAITING_LIST = "waiting_list", _("waiting list")
    NO = "no", _("not now")


class Topic(models.TextChoices):
    """What a municipal contact is for."""

    SPACE = "space", _("A room or a piece of ground")
    PERMITS = "permits", _("Permits")
    MONEY = "money", _("Money for a residents' plan")
    STREET = "street", _("Street, green and litter")
    ENTERPRISE = "enterprise", _("Beginning a business")
    TAKING_PART = "taking_part", _("Work and taking part")
    TOGETHER = "together", _("Plans of several neighbours together")
    SAFETY = "safety", _("Feeling safe")
