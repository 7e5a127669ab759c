# What the scripts of this folder begin with that take RELEASE and a folder of packages; sourced with their
# arguments. Sets `release` and `packages`, and goes to the root of the source.
# shellcheck shell=bash disable=SC2034
(($# == 2)) || {
    sed -n 's|^#   \(tests/packages/.*\)|usage: \1|p' "$0" >&2
    exit 2
}
release=$1 packages=$(realpath "$2")
cd "$(dirname "$(realpath "$0")")/../.." || exit
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/trees.sh
. tools/trees.sh
