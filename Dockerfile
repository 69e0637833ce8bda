# syntax=docker/dockerfile:1
# nohold in a small image: built from source, run by a user of its own, everything kept in the volume /var/lib/nohold.
#
#   docker build --tag nohold .
#   docker run --publish 127.0.0.1:8080:8080 --volume nohold:/var/lib/nohold nohold
#
# compose.yaml runs it with Postgres.

# The compiler of rust-toolchain.toml; scripts/packaging holds the two against each other.
FROM rust:1.95.0-slim-trixie AS build
# SQLite is compiled along, which takes a C compiler; the image has one.
WORKDIR /source
COPY . .
# The folders outside the image keep what was fetched and compiled for the next build.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/source/target \
    cargo build --release --locked --bin nohold \
    && install -D -m 0755 target/release/nohold /out/nohold

FROM debian:trixie-slim
RUN groupadd --system --gid 10001 nohold \
    && useradd --system --uid 10001 --gid nohold --home-dir /var/lib/nohold --shell /usr/sbin/nologin nohold \
    && install -d -m 0700 -o nohold -g nohold /var/lib/nohold
COPY --from=build /out/nohold /usr/local/bin/nohold
# To copy and change: NOHOLD_FLOWS points at the copy.
COPY flows /usr/share/nohold/flows
COPY nohold.example.toml LICENSE-APACHE LICENSE-MIT NOTICE /usr/share/nohold/

ENV NOHOLD_LISTEN=0.0.0.0:8080 \
    NOHOLD_DATABASE=sqlite:///var/lib/nohold/nohold.db
WORKDIR /var/lib/nohold
VOLUME /var/lib/nohold
USER 10001:10001
EXPOSE 8080
# Asks the program whether it can take messages. bash opens the connection itself, so that the image needs no HTTP client.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --start-interval=1s \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${NOHOLD_LISTEN##*:} && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["nohold"]
CMD ["serve"]
