#!/bin/bash
# The download for systems that have no package of onlooker: a program that needs a kernel and glibc 2.36
# or newer, its modules beside it, the manual, and the units; one folder, for /opt. Made in a tree of Debian
# 12, whose libc is the oldest that onlooker is built on (tools/trees.sh).
#
#   tools/build-portable.sh ARCH [OUTPUT]
#
#   ARCH      amd64 or arm64; one that is not this machine's is cross built
#   OUTPUT    where the tarball goes, with what it was made of; build-check/portable-ARCH
#
# It builds what is committed. libcamera, OpenCV and libavformat are other libraries on each system: the
# modules that need them come with packages alone. By the environment, for tests: BUILD_TREE, a tree to
# use and to keep. Exits 77, with a word, where trees cannot be made.
set -euo pipefail
root=$(realpath "$(dirname "$(realpath "$0")")/..")

usage() {
    echo "build-portable.sh: $1" >&2
    sed -n '6s/^# */usage: /p; 8,9s/^# \{0,3\}/  /p' "$root/tools/build-portable.sh" >&2
    exit 2
}
(($# == 1 || $# == 2)) || usage "it takes one or two words"
arch=$1
[[ $arch =~ ^(amd64|arm64)$ ]] || usage "there is a download for amd64 and arm64, not for '$arch'"
output=$(realpath -m "${2:-$root/build-check/portable-$arch}")

cd "$root"
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/builds.sh
. tools/builds.sh
# shellcheck source=tools/trees.sh
. tools/trees.sh

tree=$(realpath -m "${BUILD_TREE:-$output/tree}")
version=$(project_version)
name=onlooker-$version-linux-$arch

# Runs in the tree.
# shellcheck disable=SC2317  # by its name, there
build_inside() {
    local name=$1 arch=$2 profiles=nocheck,pkg.onlooker.nolibcamera,pkg.onlooker.noopencv,pkg.onlooker.noclips
    local essential=build-essential strip=strip cross=()
    if [[ $arch != $(dpkg --print-architecture) ]]; then
        profiles+=,cross essential+=" crossbuild-essential-$arch"
        dpkg --add-architecture "$arch"
    fi
    apt-get update -qq
    # shellcheck disable=SC2086
    apt-get install -qq -y --no-install-recommends $essential ccache xz-utils >/dev/null
    cd /portable/source
    apt-get build-dep -qq -y --no-install-recommends --host-architecture "$arch" -P "$profiles" ./ >/dev/null
    if [[ $profiles == *cross* ]]; then
        meson env2mfile --cross --debarch "$arch" -o /portable/cross.ini
        cross=(--cross-file /portable/cross.ini)
        strip=$(dpkg-architecture -a "$arch" -q DEB_HOST_GNU_TYPE 2>/dev/null)-strip
    fi
    # Where it is started by a path of its own it works anywhere; the units and pages name /opt/onlooker.
    meson setup /portable/build "${cross[@]}" -Dportable=true -Dtests=disabled -Dclips=disabled \
        -Ddriver_libcamera=disabled -Ddriver_opencv=disabled -Ddriver_dir=modules \
        --prefix=/opt/onlooker --bindir=. --sysconfdir=/etc
    ninja -C /portable/build
    DESTDIR=/portable/root meson install -C /portable/build --no-rebuild --quiet
    cd /portable/root/opt/onlooker
    rm -rf include "lib/$(dpkg-architecture -a "$arch" -q DEB_HOST_MULTIARCH 2>/dev/null)"
    "$strip" onlooker modules/*.so
    # An unpacked newer one must not replace what was written into the user's own.
    mv /portable/root/etc/onlooker/onlooker.conf .
    # Of what is linked into the program.
    mkdir licences
    for package in gcc-12-base libasio-dev libcli11-dev libcrypt-dev libfmt-dev libspdlog-dev libssl-dev \
        libturbojpeg0-dev libyuv-dev nlohmann-json3-dev; do
        cp -L "/usr/share/doc/$package/copyright" "licences/$package"
    done
    grep -hoE '/usr/share/common-licenses/[A-Za-z0-9.-]*[A-Za-z0-9]' licences/* | sort -u | xargs -d '\n' cp -Lt licences
    # What the program has in itself, in the words of dpkg-genbuildinfo.
    {
        printf 'Source: onlooker\nBinary: %s\nArchitecture: %s\n' "$name" "$arch"
        printf 'Version: %s\nInstalled-Build-Depends:\n' "${name%-linux-*}" | sed 's/onlooker-//'
        # shellcheck disable=SC2016
        dpkg-query -W -f '${Package} (= ${Version}),\n' | sed 's/^/ /'
    } >"/portable/$name.buildinfo"
    tar -C /portable/root/opt --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
        -cJf "/portable/$name.tar.xz" onlooker
}

build() {
    local binds=() ccache=${CCACHE_DIR:-$HOME/.cache/ccache} environment
    environment="export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)"
    if [[ -d $ccache ]]; then
        binds=("$ccache:/ccache")
        environment+="; export CCACHE_DIR=/ccache CCACHE_SLOPPINESS=pch_defines,time_macros PATH=/usr/lib/ccache:\$PATH"
    fi
    rm -rf "$tree/portable"
    mkdir -p "$tree/portable/source"
    git archive HEAD | tar x -C "$tree/portable/source"
    (in_tree "$tree" "$environment
$(declare -f build_inside)
build_inside $name $arch" "${binds[@]}")
}

trees_possible bookworm
mkdir -p "$output"
{
    [[ -e $tree/.ready ]] || { fresh_tree bookworm "$tree" && touch "$tree/.ready"; }
    build
} </dev/null >"$output/build.log" 2>&1 || {
    status=$?
    tail -n 60 "$output/build.log"
    echo "The download for $arch was not built; all of the log: $output/build.log"
    exit "$status"
}
cp "$tree/portable/$name".{tar.xz,buildinfo} "$output"
rm -rf "$tree/portable"
(cd "$output" && stat --printf='%s %n\n' "$name.tar.xz")
