#!/bin/bash
# Debian in a tree of its own (debootstrap), to see what happens on a machine that is not this one.
#
#   tools/debian-tree.sh prepare SUITE TREE     makes a tree with all that the build and its tests
#                                               need, or nothing when it is there already
#   tools/debian-tree.sh check SUITE TREE       builds this source and runs its unit and component
#                                               tests in it
#   tools/debian-tree.sh first-run SUITE TREE   a fresh clone on a bare system: ./run until a picture
#                                               comes, then ./check --quick; TREE is replaced
#   tools/debian-tree.sh emulated SUITE TREE ARCH   builds this source for another architecture, in a tree
#                                               of this machine's, and runs its unit and component tests
#                                               there, emulated (qemu-user)
#
# Exits 77, with a word, where this cannot be done (tools/trees.sh).
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/trees.sh
. tools/trees.sh

usage() {
    echo "usage: tools/debian-tree.sh prepare|check|first-run SUITE TREE" >&2
    echo "       tools/debian-tree.sh emulated SUITE TREE ARCH" >&2
    exit 2
}
(($# == 3)) || [[ ${1:-} == emulated && $# == 4 ]] || usage
suite=$2 tree=$3 arch=${4:-}

# inside COMMANDS: in the tree, with this source at /source (read-only), in place of this shell.
inside() {
    in_tree "$tree" "$1" "$PWD:/source:ro"
}

prepare() {
    local packages
    [[ $(release_name) != "$suite" ]] || skip_tree "$suite" "this machine is that already"
    trees_possible "$suite"
    [[ ! -e $tree/.ready ]] || exit 0
    make_tree "$suite" "$tree"
    mapfile -t packages < <(packages_to_build && packages_for_drivers &&
        packages_to_test && packages_to_test_drivers)
    (inside "apt-get update -qq
        apt-get install -qq -y --no-install-recommends ${packages[*]}
        apt-get clean")
    touch "$tree/.ready"
}

check() {
    [[ $(release_name) != "$suite" ]] || skip_tree "$suite" "this machine is that already"
    trees_possible "$suite"
    if [[ ! -e $tree/.ready ]]; then
        cat "$tree-tree.log" 2>/dev/null || true
        ! grep -q '^skipped' "$tree-tree.log" 2>/dev/null || exit 77
        echo "The tree of Debian $suite was not made; the reason is above."
        exit 1
    fi
    inside '
        cd /source && . tools/builds.sh
        configure /root/build -Dwerror=true -Dtests=enabled
        ninja -k 0 -C /root/build
        tools/run_tests.py /root/build unit component'
}

prepare_cross() {
    local packages
    [[ ! -e $tree/.ready ]] || return 0
    make_tree "$suite" "$tree"
    mapfile -t packages < <(packages_to_cross "$arch")
    (inside "dpkg --add-architecture $arch
        apt-get update -qq
        apt-get install -qq -y --no-install-recommends ${packages[*]}
        apt-get clean")
    touch "$tree/.ready"
}

# cross_file TRIPLET CPU: what meson has to know. The tests are run as if they were this machine's own: the
# kernel knows the emulator.
cross_file() {
    cat <<END
[binaries]
c = ['ccache', '$1-gcc']
cpp = ['ccache', '$1-g++']
ar = '$1-gcc-ar'
strip = '$1-strip'
pkgconfig = '$1-pkg-config'

[properties]
needs_exe_wrapper = false

[host_machine]
system = 'linux'
cpu_family = '$2'
cpu = '$2'
endian = 'little'
END
}

emulated() {
    [[ $arch != "$(own_architecture)" ]] || skip_tree "$suite" "this machine is of $arch itself"
    trees_possible "$suite"
    emulation_possible "$arch" ||
        skip_tree "$suite" "programs of $arch need qemu-user-static and the kernel's binfmt_misc"
    prepare_cross
    case "$arch" in
    arm64) cross_file aarch64-linux-gnu aarch64 ;;
    armhf) cross_file arm-linux-gnueabihf arm ;;
    *) skip_tree "$suite" "it is not written down how to build for $arch" ;;
    esac >"$tree/root/cross.ini"
    export TREE_RUNS=$arch
    inside '
        cd /source && . tools/builds.sh
        configure /root/build --cross-file /root/cross.ini -Dwerror=true -Dtests=enabled
        ninja -k 0 -C /root/build
        TEST_EMULATED=1 tools/run_tests.py /root/build unit component'
}

# first_picture: waits for the server that logs into `run.log` to say where it is, and takes a picture.
first_picture() {
    local server=$1 log=$2 address
    until address=$(grep -om1 'http://[0-9a-z.:]*' "$log"); do
        kill -0 "$server" 2>/dev/null || return 1
        sleep 0.2
    done
    python3 - "$address" <<'PYTHON'
import sys, urllib.request
with urllib.request.urlopen(sys.argv[1] + '/snapshot', timeout=10) as answer:
    picture = answer.read()
assert picture[:2] == b'\xff\xd8' and picture[-2:] == b'\xff\xd9', picture[:100]
print(f'a picture of {len(picture)} octets from {sys.argv[1]}')
PYTHON
}

first_run() {
    local started server port log=$tree-run.log status=0
    trees_possible "$suite"
    make_tree "$suite" "$tree"
    git clone -q "file://$PWD" "$tree/root/onlooker"
    # The tree has a network in common with this machine, where 5000 may be taken.
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("", 0)); print(s.getsockname()[1])')
    : >"$log"
    started=$SECONDS
    (inside "cd /root/onlooker && exec ./run --port $port") >"$log" 2>&1 </dev/null &
    server=$!
    first_picture "$server" "$log" || status=$?
    echo "./run took $((SECONDS - started)) s to a picture; it said:"
    kill -TERM "$server" || true
    wait "$server" || status=$?
    cat "$log"
    ((status == 0)) || exit "$status"
    started=$SECONDS
    (inside 'cd /root/onlooker && ./check --quick') </dev/null || exit
    echo "./check --quick took $((SECONDS - started)) s"
}

case "$1" in
prepare | check | emulated) "$1" ;;
first-run) first_run ;;
*) usage ;;
esac
