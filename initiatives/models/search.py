"""What search and the map read. PostgreSQL keeps it, by triggers: no way of writing an initiative goes round them."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Func, Q, TextField
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.geo import PointField
from fieldlab.lib.ranges import MultiRangeField


class Plain(Func):
    """Lower case and without accents, as an immutable function that an index can stand on."""

    function = "fieldlab_plain"
    output_field = TextField()


# On what the map and its list show: what is kept of it, and its document, are out of date
MARK_MAP_CHANGE = pgtrigger.Trigger(
    name="mark_map_change",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="INSERT INTO initiatives_mapchange DEFAULT VALUES; RETURN NULL;",
)


class SearchEntry(models.Model):
    """A published initiative, narrow and indexed. `neighbourhood`, `quarter` and `district` are keys of areas."""

    initiative = models.OneToOneField("Initiative", primary_key=True, on_delete=models.CASCADE, related_name="search_entry")
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=24)
    activity = models.CharField(max_length=16)
    phase = models.CharField(max_length=12)
    room = models.CharField(max_length=12)
    room_at = models.DateTimeField(null=True)
    offers = ArrayField(models.CharField(max_length=24))
    themes = ArrayField(models.CharField(max_length=24))
    audiences = ArrayField(models.CharField(max_length=24))
    languages = ArrayField(models.CharField(max_length=24))
    accessibility = ArrayField(models.CharField(max_length=24))
    neighbourhood = models.BigIntegerField()
    quarter = models.BigIntegerField()
    district = models.BigIntegerField()
    # Areas of any level that it comes to, besides the one it is in
    covers = ArrayField(models.BigIntegerField())
    # Its own place, or the middle of its neighbourhood; null when that is unknown too
    point = PointField(null=True)
    # Name A, summary B, description C, the names of its areas D; Dutch, without accents
    vector = SearchVectorField()
    # Name and summary, plain, for what is spelt wrong
    words = models.TextField()
    # Minutes since Monday 0.00 hours; and the days on which that does not hold, with the hours that do
    week = MultiRangeField("int4multirange")
    exceptional_days = MultiRangeField("datemultirange")
    exceptional_hours = MultiRangeField("tsmultirange")
    published_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("search entry")
        indexes = [
            GinIndex(fields=["vector"], name="search_entry_vector"),
            GinIndex(fields=["words"], name="search_entry_words", opclasses=["gin_trgm_ops"]),
            # With what the map counts in a grid, so that it reads nothing but the index
            GistIndex(fields=["point"], name="search_entry_point", include=["neighbourhood", "initiative"]),
            GinIndex(fields=["offers", "languages", "accessibility", "covers"], name="search_entry_facts"),
            models.Index(fields=["neighbourhood"], name="search_entry_neighbourhood"),
            models.Index(fields=["quarter"], name="search_entry_quarter"),
            models.Index(fields=["district"], name="search_entry_district"),
            # A word is looked up among the texts or these: one of them without an index, and every entry would be read
            models.Index(fields=["activity"], name="search_entry_activity"),
            models.Index(fields=["kind"], name="search_entry_kind"),
            models.Index(fields=["name", "initiative"], name="search_entry_name"),
        ]
        triggers = [MARK_MAP_CHANGE]

    def __str__(self) -> str:
        return self.name


# A draft or an archived entry has none. The columns are named, so that a new one here is a conscious choice.
KEEP_SEARCH_ENTRY = pgtrigger.Trigger(
    name="keep_search_entry",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    func="""
        IF TG_OP = 'DELETE' THEN
            DELETE FROM initiatives_searchentry WHERE initiative_id = OLD.id;
            RETURN OLD;
        END IF;
        IF NEW.status <> 'published' THEN
            DELETE FROM initiatives_searchentry WHERE initiative_id = NEW.id;
            RETURN NEW;
        END IF;
        PERFORM fieldlab_keep_search_entry(NEW.id);
        RETURN NEW;
    """,
)


class MapChange(models.Model):
    """A mark that the map's document is out of date; whoever publishes a new one takes the marks it has seen away.

    A row and not a number that is counted up: a change and its mark become visible together, so none is missed.
    """

    class Meta:
        verbose_name = _("change of the map")

    def __str__(self) -> str:
        return str(self.pk)


class MapDocument(models.Model):
    """All published places in one document, compressed once. Never changed: a new version is a new row."""

    # The first 16 hexadecimal figures of the SHA-256 of `plain`
    version = models.CharField(primary_key=True, max_length=16)
    places = models.PositiveIntegerField()
    plain = models.BinaryField()
    gzip = models.BinaryField()
    brotli = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("map document")
        constraints = [models.CheckConstraint(condition=Q(version__regex=r"^[0-9a-f]{16}$"), name="map_document_version")]

    def __str__(self) -> str:
        return self.version
