#!/bin/bash
# Unpacks the portable download in a bare tree of a Debian newer than that on which it is built: it needs no
# library but libc's, finds its modules beside it, and shows a picture, by its own configuration and by HTTPS.
#
#   tests/packages/portable.sh RELEASE ARCH FOLDER      a folder of tools/build-portable.sh
#
# Where the architecture is foreign it is emulated.
set -euo pipefail
(($# == 3)) || { sed -n '5s/^# */usage: /p' "$0" >&2; exit 2; }
release=$1 arch=$2 folder=$(realpath "$3")
cd "$(dirname "$(realpath "$0")")/../.."
# shellcheck source=tools/packages.sh
. tools/packages.sh
# shellcheck source=tools/trees.sh
. tools/trees.sh
tree=build-check/installed/portable-$release-$arch

trees_possible "$release" "$arch"
fresh_tree "$release" "$tree" "$arch"
tar -xJf "$folder"/onlooker-*-linux-"$arch".tar.xz -C "$tree/opt"
(in_tree "$tree" 'apt-get update -qq; apt-get install -qq -y --no-install-recommends python3 >/dev/null')
# shellcheck disable=SC2016
TREE_ALONE=1 in_tree "$tree" '
    cd /opt/onlooker
    ldd ./onlooker
    others=$(ldd ./onlooker | grep -v -e vdso -e "libc\.so" -e "libm\.so" -e "/ld-linux") || true
    [ -z "$others" ] || { echo "it needs more than libc: $others"; exit 1; }
    ./onlooker --version | tee /tmp/version
    grep -q "driver modules:.*relay" /tmp/version
    grep -q "^ExecStart=/opt/onlooker/./onlooker --config /etc/onlooker/" lib/systemd/system/onlooker.service
    ls licences share/doc/onlooker/LICENSE
    ./onlooker --config onlooker.conf --port 5999 & plain=$!
    ./onlooker --port 5998 --tls-self-signed /tmp/certificate & secure=$!
    trap "kill $plain $secure" EXIT
    python3 -c "
import ssl, time, urllib.request
believing = ssl._create_unverified_context()
for url in (\"http://127.0.0.1:5999/snapshot\", \"https://127.0.0.1:5998/snapshot\"):
    for _ in range(100):
        try:
            picture = urllib.request.urlopen(url, timeout=10, context=believing).read()
            break
        except OSError:
            time.sleep(0.1)
    assert picture[:2] == b\"\\xff\\xd8\", picture[:100]
    print(url, \"gives a picture of\", len(picture), \"octets\")
"
    stat -c "%s %n" onlooker modules/*.so'
