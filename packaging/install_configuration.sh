#!/bin/sh
# install_configuration.sh FILE DESTINATION: what `meson install` does with the configuration. One that
# somebody has written is never replaced; into the folder of a package it always goes.
set -eu
destination=${DESTDIR-}$2
if [ -z "${DESTDIR-}" ] && [ -e "$destination" ]; then
    echo "Keeping $destination; how it comes is in the folder of examples"
    exit 0
fi
mkdir -p "${destination%/*}"
cp "$1" "$destination"
chmod 644 "$destination"
