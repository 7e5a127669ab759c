#!/bin/bash
# A release of onlooker: checks that everything that says a version says the same one, and builds all that
# is downloaded, with checksums and a bill of materials.
#
#   tools/release.sh [--key KEY] [OUTPUT [TARGET...]]
#
#   OUTPUT    a folder that is replaced; dist
#   TARGET    what to build: tarball, portable-amd64, portable-arm64, and RELEASE-ARCH for each of
#             bookworm and trixie, and amd64, arm64 and armhf; all of it
#   --key     signs the checksums with this key of gpg's
#
# It builds what is committed, and refuses a tree with other changes. What it builds in is
# build-check/release-*, and is kept for the next time. All of it takes an hour or two on two cores.
# Before a release `./check` and `./check --packages` have to pass; this runs neither.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
# shellcheck source=tools/builds.sh
. tools/builds.sh

fail() {
    echo "release.sh: $1" >&2
    exit 1
}

all_targets() {
    local release arch
    echo tarball portable-amd64 portable-arm64
    for release in bookworm trixie; do
        for arch in amd64 arm64 armhf; do echo "$release-$arch"; done
    done
}

key=
if [[ ${1:-} == --key ]]; then
    key=${2:?a key of gpg follows --key}
    shift 2
fi
[[ ${1:-} != -* ]] || {
    sed -n '5s/^# */usage: /p; 7,10s/^# \{0,3\}/  /p' tools/release.sh >&2
    exit 2
}
output=$(realpath -m "${1:-dist}")
shift || true
targets=("$@")
((${#targets[@]})) || mapfile -t targets < <(all_targets | tr ' ' '\n')
for target in "${targets[@]}"; do
    all_targets | tr ' ' '\n' | grep -qx "$target" || fail "there is no target $target; see --help"
done

version=$(project_version)
[[ -z $(git status --porcelain) ]] || fail "there are changes that are not committed; commit or drop them"
grep -q "^## $version\b" CHANGELOG.md || fail "CHANGELOG.md has no section '## $version'"
[[ $(sed -n '1s/.*(\(.*\)-[^-]*).*/\1/p' debian/changelog) == "$version" ]] ||
    fail "debian/changelog is not of version $version"
grep -q "^version: \"\?$version\"\?\$" docs/home-assistant/config.yaml ||
    fail "docs/home-assistant/config.yaml is not of version $version"
tag=$(git tag --list "v$version")
[[ -z $tag || $(git rev-parse "v$version^{commit}") == "$(git rev-parse HEAD)" ]] ||
    fail "the tag v$version is on another commit; raise the version in meson.build"

# The source, as meson makes it; the tests are run by ./check.
build_tarball() {
    configure build-check/release-tarball -Dtests=disabled
    meson dist -C build-check/release-tarball --no-tests --formats xztar
    cp "build-check/release-tarball/meson-dist/onlooker-$version.tar.xz" "$output"
}

build_portable() {
    tools/build-portable.sh "$1" "build-check/release-portable-$1"
    cp "build-check/release-portable-$1/onlooker-$version-linux-$1".{tar.xz,buildinfo} "$output"
}

# The source package once, with the first of the binaries.
with_source=--source
build_packages() {
    local folder=build-check/release-$1-$2
    # shellcheck disable=SC2086  # empty, or an option
    tools/build-packages.sh $with_source "$1" "$2" "$folder"
    with_source=
    find "$folder" -maxdepth 1 -name 'onlooker*' -type f -exec cp -t "$output" {} +
}

rm -rf "$output"
mkdir -p "$output"
for target in "${targets[@]}"; do
    echo "== $target"
    case "$target" in
    tarball) build_tarball ;;
    portable-*) build_portable "${target#*-}" ;;
    *) build_packages "${target%-*}" "${target#*-}" ;;
    esac
done

cd "$output"
if compgen -G '*.buildinfo' >/dev/null; then
    "$OLDPWD/tools/sbom.py" "$version" ./*.buildinfo >"onlooker-$version.cdx.json"
fi
find . -type f ! -name 'SHA256SUMS*' -printf '%P\n' | sort | xargs -d '\n' sha256sum >SHA256SUMS
[[ -z $key ]] || gpg --batch --yes --local-user "$key" --detach-sign --armor SHA256SUMS
echo "onlooker $version, in $output:"
cat SHA256SUMS
[[ $tag ]] || echo "Next: git tag -s v$version, and publish the folder."
