# The fake in a container, as nobody in particular and with a read-only root:
#
#     docker build --tag livestorm-mock .
#     docker run --read-only --tmpfs /tmp --publish 127.0.0.1:8787:8787 livestorm-mock
#
# It listens at every address of the container, so its control API wants a token: it is drawn and
# printed, unless LIVESTORM_MOCK_CONTROL_TOKEN is set. `--no-control` leaves it out.
# The base is named by its tag; whoever needs the same bytes each time names its digest.

FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN pip wheel --no-cache-dir --wheel-dir /wheels .

FROM python:3.13-slim
# Compiled here, as nothing can be written later.
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index --find-links /wheels --compile /wheels/livestorm_mock-*.whl \
    && useradd --uid 10001 --create-home livestorm \
    # A volume that is mounted there belongs to it.
    && install --directory --owner livestorm /certificates
USER 10001
ENV PYTHONDONTWRITEBYTECODE=1
EXPOSE 8787
HEALTHCHECK --interval=2s --timeout=2s --start-period=10s \
    CMD ["python", "-c", "import os, urllib.request as web; web.urlopen(f\"http://127.0.0.1:{os.environ.get('PORT', 8787)}/_mock/health\", timeout=2)"]
ENTRYPOINT ["livestorm-mock"]
CMD ["serve", "--host", "0.0.0.0"]
