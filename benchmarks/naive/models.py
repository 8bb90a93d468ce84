"""Meetings as a typical schema has them: a table for each noun, tags by many-to-many."""

from django.db import models


class Program(models.Model):
    """A program, by its slug."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A focus, access, type or language."""

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.code


class Location(models.Model):
    """Where one can go."""

    name = models.CharField(max_length=255)
    address = models.CharField(max_length=255)
    city = models.CharField(max_length=120)
    state = models.CharField(max_length=60)
    postal_code = models.CharField(max_length=12)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    def __str__(self) -> str:
        return self.name


class Group(models.Model):
    """Who gathers."""

    name = models.CharField(max_length=255)
    program = models.ForeignKey(Program, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return self.name


class Meeting(models.Model):
    """When they gather, and how."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE)
    location = models.ForeignKey(Location, null=True, on_delete=models.CASCADE)
    name = models.CharField(max_length=255)
    weekday = models.SmallIntegerField()
    start_time = models.TimeField()
    duration = models.SmallIntegerField(null=True)
    timezone = models.CharField(max_length=40)
    format = models.CharField(max_length=10)
    notes = models.TextField(blank=True)
    methadone = models.SmallIntegerField(null=True)
    tags = models.ManyToManyField(Tag)

    def __str__(self) -> str:
        return self.name
