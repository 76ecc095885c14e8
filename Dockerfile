# docker build -t docent .
# docker run -e DISCORD_TOKEN -e TELEGRAM_TOKEN -p 127.0.0.1:8080:8080 -v docent:/home/docent/data docent
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o /out/docent ./cmd/docent \
    && bash tools/notice full > /out/NOTICE && mkdir -p /out/home/data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build --chown=65532:65532 /out/home /home/docent
COPY --from=build /out/docent /out/NOTICE /src/LICENSE /
USER 65532:65532
# Configuration: the environment, or a file mounted at /home/docent/config.yaml.
WORKDIR /home/docent
# The web server has no password. Publish its port on 127.0.0.1, or behind a proxy that lets only the webhooks through.
ENV DOCENT_SERVER_LISTEN=0.0.0.0:8080 DOCENT_KNOWLEDGE_CACHE=data/vectors
EXPOSE 8080
VOLUME /home/docent/data
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["/docent", "healthcheck"]
ENTRYPOINT ["/docent"]
CMD ["serve"]
