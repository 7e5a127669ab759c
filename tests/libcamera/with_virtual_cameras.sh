#!/bin/bash
# with_virtual_cameras.sh PROGRAM ARGUMENT...: runs it where libcamera has two virtual cameras.
#
# libcamera looks for their description in one place of the system; a mount namespace puts it there
# for this program alone, as root or as anybody. Exits 77, with a word, where that cannot be done.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cameras=$here/virtual.yaml

skip() {
    echo "skipped: libcamera's virtual cameras: $1"
    exit 77
}

folder=/usr/share/libcamera
[[ -d $folder ]] || skip "libcamera is not installed"
namespace=(unshare --mount)
((EUID == 0)) || namespace=(unshare --user --map-root-user --mount)
if ! "${namespace[@]}" true 2>/dev/null; then
    # In a chroot there is no root mount to make private; needless where nothing is shared.
    ! grep -q ' shared:' /proc/self/mountinfo || skip "no mount namespaces here"
    namespace+=(--propagation unchanged)
    "${namespace[@]}" true 2>/dev/null || skip "no mount namespaces here"
fi

# shellcheck disable=SC2016
LIBCAMERA_PIPELINES_MATCH_LIST=virtual exec "${namespace[@]}" bash -euc '
    folder=$1 cameras=$2
    shift 2
    description=$(cat "$cameras")
    mount -t tmpfs tmpfs "$folder"
    mkdir -p "$folder/pipeline/virtual"
    printf "%s\n" "$description" >"$folder/pipeline/virtual/virtual.yaml"
    exec "$@"' bash "$folder" "$cameras" "$@"
