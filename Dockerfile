# The site as one image; docker-compose.yml adds the database and the proxy.
FROM python:3.13-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv
RUN useradd --system --no-create-home --uid 10001 mhg && install -d -o mhg /var/lib/mhg

COPY pyproject.toml constraints.txt README.md ./
RUN pip install --constraint constraints.txt .

COPY manage.py ./
COPY finder finder
COPY referrals referrals
COPY templates templates
COPY static static
# The key signs nothing: static files are gathered without it, but settings ask for one.
RUN SECRET_KEY=only-while-building ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput

USER mhg
EXPOSE 8000
CMD ["granian", "finder.wsgi:application", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "2", "--no-ws", "--respawn-failed-workers"]
