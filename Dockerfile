# docker build -t tracker . && docker run --rm --volume "$PWD:/data" tracker check
# To go on running: examples/one-machine/compose.yaml, or several: examples/several-machines/compose.yaml.
FROM python:3.11-slim AS build
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python -m venv /opt/tracker \
    && /opt/tracker/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY docs/tracker.1 docs/
COPY tracker tracker
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/tracker/bin/pip install --no-cache-dir --no-deps /dist/tracker-*.whl \
    && /opt/tracker/bin/pip uninstall --yes pip

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --home-dir /ledger tracker \
    && install --directory --owner tracker --group tracker /data /ledger
COPY --from=build /opt/tracker /opt/tracker
# The agreements, and tracker.toml, are in /data; the ledger and the cache are in /ledger.
ENV PATH=/opt/tracker/bin:$PATH \
    TRACKER_FILE=/data \
    XDG_STATE_HOME=/ledger \
    XDG_CACHE_HOME=/ledger/cache
USER tracker
WORKDIR /data
VOLUME ["/data", "/ledger"]
EXPOSE 8765
# Whether it answers at all: what a restart does not mend, a mail server that is away, is no reason for one.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:9100/', timeout=4)"]
ENTRYPOINT ["tracker"]
CMD ["run", "--host", "0.0.0.0", "--metrics", "127.0.0.1:9100"]
