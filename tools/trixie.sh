#!/bin/bash
# The build and the unit and component tests on Debian 13, in a debootstrap tree.
#
#   tools/trixie.sh prepare TREE   makes the tree, or nothing when it is there already
#   tools/trixie.sh check TREE     builds and tests this source in it
#
# Mounts are made in a mount namespace of their own, so none is left behind and the tree can always
# be deleted. Exits 77, with a word, where this cannot be done: not root, or Debian 13 already.
set -euo pipefail
cd "$(dirname "$(realpath "$0")")/.."
# shellcheck source=tools/packages.sh
. tools/packages.sh
tree=$2

skip() {
    echo "skipped: Debian 13: $1"
    exit 77
}

prepare() {
    local mirror packages
    [[ $(release_name) != trixie ]] || skip "this is Debian 13 already"
    ((EUID == 0)) || skip "a debootstrap tree needs root"
    [[ ! -e $tree/.ready ]] || exit 0
    unshare --mount true || skip "no mount namespaces here"
    # The mirror that this machine uses, whichever it is.
    # shellcheck disable=SC2016
    mirror=$(apt-get indextargets --format '$(CODENAME) $(REPO_URI)' |
        awk '$1 == "bookworm" { print $2; exit }')
    [[ $mirror ]] || skip "no Debian mirror is configured here"
    rm -rf "$tree"
    debootstrap --variant=minbase --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        trixie "$tree" "$mirror"
    mapfile -t packages < <(packages_to_build trixie && packages_for_drivers &&
        packages_to_test)
    inside "apt-get update -qq
        apt-get install -qq -y --no-install-recommends ${packages[*]}
        apt-get clean"
    touch "$tree/.ready"
}

# inside COMMANDS: in the tree, with this source at /source (read-only).
inside() {
    mkdir -p "$tree/source"
    # shellcheck disable=SC2016
    TREE=$tree COMMANDS=$1 unshare --mount --propagation private bash -euc '
        mount -t proc proc "$TREE/proc"
        mount --rbind /dev "$TREE/dev"
        mount --bind . "$TREE/source"
        mount -o remount,bind,ro "$TREE/source"
        cp /etc/resolv.conf "$TREE/etc/resolv.conf"
        exec chroot "$TREE" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive bash -euo pipefail -c "cd / && $COMMANDS"'
}

check() {
    [[ $(release_name) != trixie ]] || skip "this is Debian 13 already"
    ((EUID == 0)) || skip "a debootstrap tree needs root"
    if [[ ! -e $tree/.ready ]]; then
        cat "$tree-tree.log" 2>/dev/null || true
        ! grep -q '^skipped' "$tree-tree.log" 2>/dev/null || exit 77
        echo "The Debian 13 tree was not made; the reason is above."
        exit 1
    fi
    # shellcheck disable=SC2016
    inside '
        cd /source && . tools/packages.sh
        configure /root/build --buildtype=release -Dwerror=true -Dtests=enabled
        ninja -k 0 -C /root/build
        status=0
        meson test -C /root/build --no-rebuild --print-errorlogs --suite unit --suite component ||
            status=$?
        python3 tools/count_tests.py /root/build/meson-logs/testlog.json
        exit $status'
}

case "$1" in
prepare | check) "$1" ;;
*)
    echo "usage: tools/trixie.sh prepare|check TREE" >&2
    exit 2
    ;;
esac
