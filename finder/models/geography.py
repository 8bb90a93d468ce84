"""ZIP codes and cities with their points (load_places; GeoNames, CC BY 4.0), and their people."""

from django.db import models

from finder.models.constraints import between, one_of


class Locality(models.Model):
    """A ZIP code or a city that a person can name; the point is its centre."""

    kind = models.CharField(max_length=4, choices=[("zip", "ZIP code"), ("city", "City")])
    name = models.CharField(max_length=120)
    # Folded: lower case, no accents, no punctuation.
    key = models.CharField(max_length=120, db_collation="C")
    state = models.CharField(max_length=2)
    county = models.CharField(max_length=80, blank=True)
    zips = models.PositiveIntegerField(default=1, help_text="ZIP codes in a city: its size.")
    lat = models.FloatField()
    lng = models.FloatField()
    timezone = models.CharField(max_length=40)

    class Meta:
        verbose_name_plural = "localities"
        constraints = [
            one_of("finder_locality_kind", "kind", ["zip", "city"]),
            models.UniqueConstraint(fields=["kind", "key", "state"], name="finder_locality_once"),
        ]
        indexes = [models.Index(fields=["kind", "key"], name="finder_locality_key")]

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


class Population(models.Model):
    """How many people live in a ZIP code, and how rural its county is; from load_population."""

    zip = models.CharField(max_length=5, primary_key=True)
    people = models.PositiveIntegerField()
    # Rural-urban continuum code: 1-3 metropolitan, 4-9 not; empty when not told.
    rucc = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [between("finder_population_rucc", "rucc", 1, 9)]

    def __str__(self) -> str:
        return self.zip
