"""The same directory as a typical team would build it: DRF, django-filter, many-to-many, icontains.

Nothing of the project is used here but the rows it is filled with.
"""
