#!/bin/bash
# Starts onlooker with the options that Home Assistant keeps in /data/options.json.
set -euo pipefail

options="${ONLOOKER_ADDON_OPTIONS:-/data/options.json}"
folder="${ONLOOKER_ADDON_FOLDER:-/config}"
program="${ONLOOKER_BIN:-onlooker}"

# The ingress of Home Assistant's supervisor, which says where the page is and who asks.
arguments=(--host 0.0.0.0 --port "${ONLOOKER_ADDON_PORT:-5000}" --trusted-proxy 172.30.32.2)
# People call Home Assistant by names that nobody in here knows.
arguments+=(--allow-host '*')
# The nodes of cameras belong to groups of the machine, which have other numbers in here.
if [[ "$(id -u)" = 0 ]]; then
    arguments+=(--user root)
fi

if [[ -r "${folder}/onlooker.conf" ]]; then
    arguments+=(--config "${folder}/onlooker.conf")
else
    while IFS= read -r camera; do
        arguments+=(--camera "${camera}")
    done < <(jq -r '.cameras[]' "${options}")
    arguments+=(--state-file "$(dirname "${options}")/state.json")
fi
arguments+=(--log-level "$(jq -r '.log_level // "info"' "${options}")")

if [[ -r "${folder}/users" ]]; then
    arguments+=(--users "${folder}/users")
else
    arguments+=(--public)
fi
exec "${program}" "${arguments[@]}"
