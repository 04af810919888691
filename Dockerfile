# docker build -t onrecord . && docker run -v "$PWD/articles:/articles:ro" -v onrecord:/index -p 127.0.0.1:8080:8080 onrecord
FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /source
COPY . .
RUN cargo build --release --locked

FROM scratch
COPY --from=build /source/target/release/onrecord /onrecord
ENV ONRECORD_INDEX=/index
EXPOSE 8080
ENTRYPOINT ["/onrecord"]
CMD ["serve", "--corpus", "/articles", "--every", "5m", "--address", "0.0.0.0:8080", "--insecure"]
