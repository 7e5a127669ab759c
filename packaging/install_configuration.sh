#!/bin/sh
# install_configuration.sh FILE DESTINATION: what `meson install` does with the configuration. One that
# somebody has written is never replaced, and how it comes is among the examples; into the folder of a
# package it always goes. (meson shows nothing of what a script says that succeeds.)
set -eu
destination=${DESTDIR-}$2
if [ -z "${DESTDIR-}" ] && [ -e "$destination" ]; then
    exit 0
fi
mkdir -p "${destination%/*}"
cp "$1" "$destination"
chmod 644 "$destination"
