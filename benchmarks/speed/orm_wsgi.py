"""ORM objects and serializers as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.speed.orm_settings"
application = get_wsgi_application()
