# Debian systems in trees of their own (debootstrap), of this machine's architecture or, by emulation, of
# another. Sourced, after tools/packages.sh, by the scripts that build or test in one.
#
# Mounts are made in a mount namespace of their own, so none is left behind and a tree can always be
# deleted. The same goes for what tells the kernel to run programs of another architecture with
# qemu-user: it is registered on such a mount, and is gone with the last of them.
# shellcheck shell=bash

# skip_tree SUITE REASON: ends the script with the word and the exit status that ./check knows.
skip_tree() {
    echo "skipped: a tree of Debian $1: $2"
    exit 77
}

own_architecture() {
    dpkg --print-architecture
}

# emulator ARCH: the file with the line for the kernel by which qemu-user runs programs of that
# architecture.
emulator() {
    local cpu
    case "$1" in
    arm64) cpu=aarch64 ;;
    armhf | armel) cpu=arm ;;
    amd64) cpu=x86_64 ;;
    *) cpu=$1 ;;
    esac
    echo "/usr/lib/binfmt.d/qemu-$cpu.conf"
}

# trees_possible SUITE [ARCH]: or the script ends, skipped.
trees_possible() {
    local suite=$1 arch=${2:-$(own_architecture)}
    ((EUID == 0)) || skip_tree "$suite" "debootstrap needs root"
    unshare --mount true || skip_tree "$suite" "no mount namespaces here"
    [[ $arch == "$(own_architecture)" ]] || emulation_possible "$arch" ||
        skip_tree "$suite" "programs of $arch need qemu-user-static and the kernel's binfmt_misc"
}

# emulation_possible ARCH: whether programs of another architecture can be run here.
emulation_possible() {
    [[ -e $(emulator "$1") ]] || return
    unshare --mount --propagation private \
        mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc 2>/dev/null
}

# debian_mirror: the mirror that this machine uses, whichever it is; empty where it uses none.
debian_mirror() {
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(CODENAME) $(REPO_URI)' |
        awk -v codename="$(release_name)" '$1 == codename { print $2; exit }'
}

# make_tree SUITE TREE [ARCH]: the smallest system that Debian makes; what was there is replaced. It has
# no security suite: what that offers for two architectures is not always of the same version, and then
# nothing of the two installs together.
make_tree() {
    local suite=$1 tree=$2 arch=${3:-$(own_architecture)} mirror foreign=()
    mirror=$(debian_mirror)
    [[ $mirror ]] || skip_tree "$suite" "no Debian mirror is configured here"
    [[ $arch == "$(own_architecture)" ]] || foreign=(--foreign)
    rm -rf "$tree"
    debootstrap --variant=minbase --arch="$arch" "${foreign[@]}" \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg "$suite" "$tree" "$mirror" || return
    if ((${#foreign[@]} != 0)); then
        (in_tree "$tree" '/debootstrap/debootstrap --second-stage') || return
        echo "deb $mirror $suite main" >"$tree/etc/apt/sources.list"
    fi
}

# in_tree TREE COMMANDS [FOLDER:PLACE[:ro]]...: runs the commands in the tree, as root, in place of this
# shell; call it in a subshell. Each FOLDER of this machine is seen at PLACE; it may be a file. With
# TREE_RUNS=ARCH, programs of that architecture run too, though the tree is of another. With TREE_ALONE=1
# the commands have processes and a network of their own: there is only loopback, and no process
# outlives them.
in_tree() {
    local tree=$1 commands=$2 arch binfmt='' alone=()
    shift 2
    arch=${TREE_RUNS:-$(tree_architecture "$tree")}
    [[ $arch == "$(own_architecture)" ]] || binfmt=$(emulator "$arch")
    if [[ ${TREE_ALONE:-} == 1 ]]; then
        alone=(--net --pid --fork --kill-child env ALONE=1)
    fi
    # shellcheck disable=SC2016
    TREE=$tree COMMANDS=$commands BINFMT=$binfmt exec \
        unshare --mount --propagation private "${alone[@]}" bash -euc '
        if [[ $BINFMT ]]; then
            handler=$(cut -d: -f2 "$BINFMT")
            [[ -e /proc/sys/fs/binfmt_misc/register ]] ||
                mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
            [[ -e /proc/sys/fs/binfmt_misc/$handler ]] ||
                cat "$BINFMT" >/proc/sys/fs/binfmt_misc/register ||
                [[ -e /proc/sys/fs/binfmt_misc/$handler ]]
        fi
        mount -t proc proc "$TREE/proc"
        mount --rbind /dev "$TREE/dev"
        for bind; do
            IFS=: read -r from to mode <<<"$bind"
            if [[ -d $from ]]; then
                mkdir -p "$TREE$to"
            else
                mkdir -p "$(dirname "$TREE$to")"
                [[ -e $TREE$to ]] || : >"$TREE$to"
            fi
            mount --bind "$from" "$TREE$to"
            [[ $mode != ro ]] || mount -o remount,bind,ro "$TREE$to"
        done
        [[ ! -e /etc/resolv.conf ]] || cp /etc/resolv.conf "$TREE/etc/resolv.conf"
        [[ ! -v ALONE ]] || ip link set lo up
        exec chroot "$TREE" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive bash -euo pipefail -c "cd / && $COMMANDS"' in_tree "$@"
}

# tree_architecture TREE: whose programs it has.
tree_architecture() {
    if [[ -s $1/debootstrap/arch ]]; then
        cat "$1/debootstrap/arch"  # its second stage is yet to come
    else
        awk '$1 == "Package:" { dpkg = $2 == "dpkg" } dpkg && $1 == "Architecture:" { print $2; exit }' \
            "$1/var/lib/dpkg/status"
    fi
}

# fresh_tree SUITE TREE [ARCH]: the same as make_tree, but copied from one that is made once and kept in
# build-check/bare.
fresh_tree() {
    local suite=$1 tree=$2 arch=${3:-$(own_architecture)} bare
    bare=build-check/bare/$suite-$arch
    mkdir -p build-check/bare
    (
        flock 9
        [[ -e $bare/.made ]] || make_tree "$suite" "$bare" "$arch" || exit
        touch "$bare/.made"
    ) 9>"$bare.lock" || return
    rm -rf "$tree"
    mkdir -p "$(dirname "$tree")"
    cp -a --reflink=auto "$bare" "$tree"
}
