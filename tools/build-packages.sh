#!/bin/bash
# Debian packages of onlooker, for one release of Debian and one architecture, made in a Debian of that
# release in a tree of its own (tools/trees.sh).
#
#   tools/build-packages.sh [--source] [--symbols] RELEASE ARCH [OUTPUT]
#
#   RELEASE   bookworm or trixie
#   ARCH      amd64, arm64 or armhf; one that is not this machine's is cross built
#   OUTPUT    where the packages go, with the build's log; build-check/packages/RELEASE-ARCH
#   --source  makes the source package, too
#   --symbols makes packages of debug symbols, which takes a third longer
#
# It builds what is committed. The unit and component tests are not built, for ./check runs them;
# DEB_BUILD_OPTIONS= (empty) has them built and run where the packages are not cross built. Where
# there is a ccache folder it is used.
#
# For tests, by the environment: BUILD_TREE, a tree to use (OUTPUT/tree) that is kept for the next build;
# BUILD_PLACE, where in the tree to build (/build); BUILD_JOBS, compilers at a time; BUILD_CCACHE=no.
# Exits 77, with a word, where trees cannot be made.
set -euo pipefail
root=$(realpath "$(dirname "$(realpath "$0")")/..")

usage() {
    [[ $# == 0 ]] || echo "build-packages.sh: $1" >&2
    sed -n '5s/^# */usage: /p; 7,11s/^# \{0,3\}/  /p' "$root/tools/build-packages.sh" >&2
    exit 2
}

with_source=no with_symbols=no
while [[ ${1:-} == --* ]]; do
    case "$1" in
    --source) with_source=yes ;;
    --symbols) with_symbols=yes ;;
    *) usage "there is no option $1" ;;
    esac
    shift
done
(($# == 2 || $# == 3)) || usage
release=$1 arch=$2
case "$release" in
bookworm) debian=12 ;;
trixie) debian=13 ;;
*) usage "there are packages for bookworm and trixie, not for '$release'" ;;
esac
[[ $arch =~ ^(amd64|arm64|armhf)$ ]] || usage "there are packages for amd64, arm64 and armhf, not for '$arch'"
output=$(realpath -m "${3:-$root/build-check/packages/$release-$arch}")

cd "$root"
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/trees.sh
. tools/trees.sh

tree=$(realpath -m "${BUILD_TREE:-$output/tree}")
place=${BUILD_PLACE:-/build}
native=$(own_architecture)
version=$(git show HEAD:debian/changelog | sed -n '1s/.*(\(.*\)).*/\1/p')
upstream=${version%-*}

# lay_source: what is committed, as dpkg-source wants it, with the release in its version: the package
# for Debian 13 then counts as newer than that for 12, and neither as newer than one of Debian's own.
lay_source() {
    local folder=$tree$place/onlooker-$upstream signed
    rm -rf "${tree:?}$place"
    mkdir -p "$folder"
    git archive --prefix="onlooker-$upstream/" HEAD -- ':(exclude)debian' | gzip -9n \
        >"$tree$place/onlooker_$upstream.orig.tar.gz"
    git archive HEAD | tar x -C "$folder"
    {
        echo "onlooker ($version~deb${debian}u1) $release; urgency=medium"
        printf '\n  * Built for Debian %s.\n\n' "$debian"
        # A second after the entry before, so that it is the same whenever it is built.
        signed=$(git show HEAD:debian/changelog | sed -n '/^ -- /{p;q}')
        printf '%s  %s\n\n' "${signed%%  *}" "$(date --utc --rfc-email --date "${signed#*>  } 1 second")"
        git show HEAD:debian/changelog
    } >"$folder/debian/changelog"
}

# Runs in the tree.
# shellcheck disable=SC2317  # by its name, there
build_inside() {
    local folder=$1 arch=$2 kind=$3 profiles=$4 essential=build-essential
    if [[ $arch != $(dpkg --print-architecture) ]]; then
        essential+=" crossbuild-essential-$arch"
        dpkg --add-architecture "$arch"
    fi
    if [[ ! -e /.updated ]]; then
        apt-get update -qq
        touch /.updated
    fi
    # shellcheck disable=SC2086
    apt-get install -qq -y --no-install-recommends $essential ccache >/dev/null
    cd "$folder"
    if ! apt-get build-dep -qq -s --host-architecture "$arch" -P "$profiles" ./ >/tmp/simulated 2>&1; then
        tail -n 20 /tmp/simulated
        echo "OpenCV's libraries of $arch do not install here: onlooker-opencv is left out."
        profiles+=,pkg.onlooker.noopencv
    fi
    apt-get build-dep -qq -y --no-install-recommends --host-architecture "$arch" -P "$profiles" ./ >/dev/null
    dpkg-buildpackage --build="$kind" --no-sign --host-arch "$arch" -P"$profiles"
}

build() {
    local kind=binary profiles=nocheck options=${DEB_BUILD_OPTIONS-nocheck} binds=() environment=
    local ccache=${CCACHE_DIR:-$HOME/.cache/ccache}
    if [[ $arch != "$native" ]]; then
        profiles=cross,nocheck options=nocheck
    elif [[ " $options " != *" nocheck "* ]]; then
        profiles=pkg.onlooker.checked
    fi
    [[ $with_source == no ]] || kind=full
    options+=" parallel=${BUILD_JOBS:-$(nproc)}"
    if [[ $with_symbols == no ]]; then
        options+=" noautodbgsym"
        environment="export DEB_CFLAGS_STRIP=-g DEB_CXXFLAGS_STRIP=-g; "
    fi
    environment+="export DEB_BUILD_OPTIONS='$options'"
    if [[ -d $ccache && ${BUILD_CCACHE:-} != no ]]; then
        binds=("$ccache:/ccache")
        environment+="; export CCACHE_DIR=/ccache CCACHE_SLOPPINESS=pch_defines,time_macros PATH=/usr/lib/ccache:\$PATH"
        environment+=" CCACHE_MAXSIZE=$(ccache --get-config max_size 2>/dev/null || echo 5G)"
    fi
    (in_tree "$tree" "$environment
$(declare -f build_inside)
build_inside $place/onlooker-$upstream $arch $kind $profiles" "${binds[@]}")
}

# All of it is read before it runs: a script that is edited meanwhile would go wrong at the end.
main() {
    local started=$SECONDS status
    trees_possible "$release"
    git diff --quiet HEAD -- || echo "What is not committed is left out."
    mkdir -p "$output"
    rm -f "$output"/*.{deb,changes,buildinfo,dsc,tar.*}
    {
        { [[ -e $tree/.ready ]] || { fresh_tree "$release" "$tree" && touch "$tree/.ready"; }; } &&
            lay_source && build
    } </dev/null >"$output/build.log" 2>&1 || {
        status=$?
        tail -n 60 "$output/build.log"
        echo "The packages for $release $arch were not built; all of the log: $output/build.log"
        exit "$status"
    }
    cp "$tree$place"/onlooker*.{deb,changes,buildinfo} "$output"
    [[ $with_source == no ]] || cp "$tree$place"/onlooker*.{dsc,tar.*} "$output"
    rm -rf "${tree:?}$place"
    grep '^OpenCV' "$output/build.log" || true
    echo "$release $arch, version $version~deb${debian}u1, in $((SECONDS - started)) s:"
    (cd "$output" && stat --printf='%s %n\n' ./*.deb | sed 's:\./::')
}
main; exit
