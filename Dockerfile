# The app as one image: web, worker, schedule and set-up are four commands of it (docker-compose.yml).
FROM python:3.12-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 DATA_DIR=/data
WORKDIR /app

COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt

COPY . .
# what the image serves is collected once, here; the key is needed to start and signs nothing
RUN DATA_DIR=/tmp/build SECRET_KEY=build python scripts/translations.py \
    && DATA_DIR=/tmp/build SECRET_KEY=build python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/build \
    && useradd --create-home --uid 1000 larder \
    && mkdir /data && chown larder /data

USER larder
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "portfolio.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--timeout", "120", "--no-control-socket"]
