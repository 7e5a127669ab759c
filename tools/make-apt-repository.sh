#!/bin/bash
# An apt repository of built packages, signed; any web server can hand it out as it is.
#
#   tools/make-apt-repository.sh KEY PACKAGES... FOLDER
#
#   KEY       a file with an OpenPGP secret key without a passphrase; a new one is made by
#             gpg --quick-generate-key NAME ed25519 sign never; gpg --export-secret-keys --armor NAME
#   PACKAGES  folders of tools/build-packages.sh, of any releases and architectures
#   FOLDER    where the repository goes; what is in it already stays, beside what is newer
#
# Beside the repository it puts onlooker.gpg, the public key, and onlooker.sources, which those who install
# from it copy to /etc/apt/sources.list.d/ after writing its address into it.
set -euo pipefail
(($# >= 3)) || { sed -n '4s/^# */usage: /p; 6,9s/^# \{0,3\}/  /p' "$0" >&2; exit 2; }
key=$1 folder=$(realpath -m "${*: -1}")
sources=("${@:2:$#-2}")
for command in reprepro gpg; do
    command -v "$command" >/dev/null || { echo "This needs $command: apt install reprepro gpg" >&2; exit 1; }
done
[[ -r $key ]] || { echo "There is no key $key." >&2; exit 1; }
for source in "${sources[@]}"; do
    compgen -G "$source/*.changes" >/dev/null || { echo "There are no built packages in $source." >&2; exit 1; }
done

# Of the keys, only the one that was given.
GNUPGHOME=$(mktemp -d)
export GNUPGHOME
trap 'gpgconf --kill all; rm -rf "$GNUPGHOME"' EXIT
gpg --batch --quiet --import "$key"
fingerprint=$(gpg --batch --with-colons --list-secret-keys | awk -F: '$1 == "fpr" { print $10; exit }')
[[ $fingerprint ]] || { echo "There is no secret key in $key." >&2; exit 1; }

mkdir -p "$folder/conf"
for release in bookworm trixie; do
    printf '%s\n' "Origin: onlooker" "Label: onlooker" "Codename: $release" \
        "Architectures: amd64 arm64 armhf source" "Components: main" \
        "Description: onlooker for Debian $release" "SignWith: $fingerprint" ''
done >"$folder/conf/distributions"

for source in "${sources[@]}"; do
    for changes in "$source"/*.changes; do
        release=$(awk '$1 == "Distribution:" { print $2 }' "$changes")
        # A folder may hold those of several releases (dist/ of tools/release.sh).
        while read -r package; do
            case $package in
            *.deb) reprepro --silent --basedir "$folder" includedeb "$release" "$source/$package" ;;
            *.dsc) reprepro --silent --basedir "$folder" includedsc "$release" "$source/$package" ;;
            esac
        done < <(awk '/^Files:/ { inside = 1; next } /^[^ ]/ { inside = 0 } inside { print $5 }' "$changes")
    done
done
# Releases of which nothing was given have an index, too, and one that is empty.
reprepro --silent --basedir "$folder" export
gpg --batch --export "$fingerprint" >"$folder/onlooker.gpg"
printf '%s\n' 'Types: deb' 'URIs: https://ADDRESS-OF-THIS-FOLDER' 'Suites: bookworm' 'Components: main' \
    'Signed-By: /etc/apt/keyrings/onlooker.gpg' >"$folder/onlooker.sources"
echo "In $folder, signed by $fingerprint:"
for release in bookworm trixie; do
    reprepro --basedir "$folder" list "$release"
done
