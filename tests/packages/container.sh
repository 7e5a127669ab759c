#!/bin/bash
# Builds the image of packaging/container from packages, upon a bare Debian of their release, and that of Home
# Assistant's add-on, and takes a picture from a container of each. buildah does it without a daemon, a
# registry and an engine's rights.
#
#   tests/packages/container.sh RELEASE PACKAGES      a folder of tools/build-packages.sh
set -euo pipefail
# shellcheck source=tests/packages/begin.sh
. "$(dirname "$(realpath "$0")")/begin.sh"
tree=build-check/installed/container-$release
work=$(mktemp -d)
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
storage=(--root "$work/storage" --runroot "$work/run")
server=
stop() {
    [[ ! $server ]] || kill "$server" 2>/dev/null || true
    wait
    buildah "${storage[@]}" rm --all >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap stop EXIT

trees_possible "$release"
fresh_tree "$release" "$tree"
base=$(buildah "${storage[@]}" from scratch)
buildah "${storage[@]}" add --quiet "$base" "$tree" / >/dev/null
buildah "${storage[@]}" commit --quiet "$base" "localhost/debian-$release" >/dev/null
mkdir "$work/packages"
cp "$packages"/*.deb "$work/packages"
buildah "${storage[@]}" build --network host --build-arg "BASE=localhost/debian-$release" \
    -f packaging/container/Containerfile -t localhost/onlooker "$work/packages"

# picture_of PORT: from the server that was started last, which logs into `log`.
picture_of() {
    for _ in {1..100}; do
        curl -s -o "$work/picture" "http://127.0.0.1:$1/snapshot" && break
        kill -0 "$server" || { cat "$work/log"; exit 1; }
        sleep 0.2
    done
    [[ $(head -c 2 "$work/picture" | od -An -tx1) == ' ff d8' ]]
}
free_port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])'
}

container=$(buildah "${storage[@]}" from localhost/onlooker)
mapfile -t entry < <(buildah "${storage[@]}" inspect --type image \
    --format '{{range .OCIv1.Config.Entrypoint}}{{println .}}{{end}}' localhost/onlooker | sed '/^$/d')
run() {
    buildah "${storage[@]}" run --network host "$container" "$@"
}
# Without a word of who may watch it ends, and says which.
if said=$(run "${entry[@]}" 2>&1); then
    echo "it shows pictures to everybody, unasked: $said"
    exit 1
fi
grep -q 'ONLOOKER_PUBLIC=1' <<<"$said"
port=$(free_port)
buildah "${storage[@]}" config --env ONLOOKER_PUBLIC=1 --env "ONLOOKER_PORT=$port" "$container"
run "${entry[@]}" >"$work/log" 2>&1 &
server=$!
picture_of "$port"
[[ $(run id -un) == onlooker ]]
run test -w /var/lib/onlooker
du -sm --apparent-size "$tree" | awk '{print "the bare system: " $1 " MB"}'
buildah "${storage[@]}" images localhost/onlooker

# Home Assistant's supervisor gives an add-on its options in a file.
mkdir "$work/addon"
cp docs/home-assistant/{Dockerfile,run.sh} "$packages"/onlooker_*.deb "$work/addon"
buildah "${storage[@]}" build --network host --from "localhost/debian-$release" -t localhost/addon "$work/addon"
container=$(buildah "${storage[@]}" from localhost/addon)
port=$(free_port)
run sh -c 'mkdir -p /data && echo "{\"cameras\": [\"testcard:\"], \"log_level\": \"info\"}" >/data/options.json'
buildah "${storage[@]}" config --env "ONLOOKER_ADDON_PORT=$port" "$container"
kill "$server"
run /run.sh >"$work/log" 2>&1 &
server=$!
picture_of "$port"
