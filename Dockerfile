# The image of what runs in the cluster: the operator, the relay, and jobs that want the command line.
#   make image IMG=registry.example/iflearnerctl:0.2.0
ARG SWIFT_IMAGE=swift:6.3-bookworm
ARG BASE_IMAGE=debian:bookworm-slim

FROM ${SWIFT_IMAGE} AS build
WORKDIR /src
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make
COPY scripts/install-packages scripts/install-packages
RUN scripts/install-packages build
COPY Makefile Package.swift ./
COPY Plugins Plugins
COPY Sources Sources
COPY templates templates
# Without the tests, which are not copied.
ENV TARGETS=iflearnerctl
RUN make build && install -m 755 .build/release/iflearnerctl /usr/local/bin/iflearnerctl

FROM ${BASE_IMAGE}
# The libraries that the program is linked with; scripts/check-image-packages compares.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        ca-certificates \
        libcrypt1 \
        libcurl4 \
        libgcc-s1 \
        libgnutls30 \
        libssl3 \
        libstdc++6 \
    && rm -rf /var/lib/apt/lists/*
COPY LICENSE /usr/share/doc/iflearnerctl/LICENSE
COPY --from=build /usr/local/bin/iflearnerctl /usr/local/bin/iflearnerctl
# The command of the upstream operator's Deployment, whose flags are understood: it works with this image unchanged.
RUN printf '#!/bin/sh\nexec iflearnerctl operator run "$@"\n' > /manager && chmod 755 /manager
# Nothing has to be written: the root file system may be read-only. What may be kept for speed goes to /tmp, if that is mounted.
ENV HOME=/tmp IFLEARNERCTL_STATE_DIR=/tmp/iflearnerctl
USER 65532:65532
ENTRYPOINT ["iflearnerctl"]
ARG VERSION=dev
LABEL org.opencontainers.image.title="iflearnerctl" \
    org.opencontainers.image.description="Deploys and operates the iflearner federated-learning platform on Kubernetes" \
    org.opencontainers.image.licenses="Apache-2.0" \
    org.opencontainers.image.version="${VERSION}" \
    org.opencontainers.image.base.name="docker.io/library/debian:bookworm-slim"
