#!/bin/bash
# Makes an apt repository with a key of the test's, and installs from it in a bare tree, over a web server on
# loopback. Without the key, and with another, apt must refuse it.
#
#   tests/packages/repository.sh RELEASE PACKAGES      a folder of tools/build-packages.sh
set -euo pipefail
# shellcheck source=tests/packages/begin.sh
. "$(dirname "$(realpath "$0")")/begin.sh"
tree=build-check/installed/repository-$release
work=$(mktemp -d)
server=
stop() {
    [[ ! $server ]] || kill "$server"
    rm -rf "$work"
}
trap stop EXIT

# make_key NAME: NAME.key, the secret one, and NAME.gpg, the public one.
make_key() {
    local -x GNUPGHOME=$work/home-$1
    mkdir -m 700 "$GNUPGHOME"
    gpg --batch --quiet --passphrase '' --quick-generate-key "$1" ed25519 sign never
    gpg --batch --export-secret-keys --armor "$1" >"$work/$1.key"
    gpg --batch --export "$1" >"$work/$1.gpg"
    gpgconf --kill all
}

trees_possible "$release"
fresh_tree "$release" "$tree"
make_key ours
make_key anothers
tools/make-apt-repository.sh "$work/ours.key" "$packages" "$work/repository"
python3 -u -m http.server --bind 127.0.0.1 --directory "$work/repository" 0 >"$work/address" 2>"$work/requests" &
server=$!
until port=$(grep -o 'port [0-9]*' "$work/address"); do
    kill -0 "$server"
    sleep 0.1
done
port=${port#port }

mkdir -p "$tree/etc/apt/keyrings"
sed "s|https://ADDRESS-OF-THIS-FOLDER|http://127.0.0.1:$port|; s/^Suites: .*/Suites: $release/" \
    "$work/repository/onlooker.sources" >"$tree/etc/apt/sources.list.d/onlooker.sources"

refuses() {
    ! (in_tree "$tree" 'apt-get update -qq -o Dir::Etc::sourcelist=/dev/null -o APT::Get::List-Cleanup=0 \
        --error-on=any') || { echo "apt accepts the repository $1"; return 1; }
}
refuses 'without its key'
cp "$work/anothers.gpg" "$tree/etc/apt/keyrings/onlooker.gpg"
refuses 'with a key that is not its own'
cp "$work/repository/onlooker.gpg" "$tree/etc/apt/keyrings/onlooker.gpg"
(in_tree "$tree" '
    apt-get update -qq --error-on=any
    apt-get install -qq -y --no-install-recommends onlooker >/dev/null
    apt-cache policy onlooker
    onlooker --camera relay:http://127.0.0.1:9/ --check-config')
grep -c 'GET /pool/.*\.deb' "$work/requests"
