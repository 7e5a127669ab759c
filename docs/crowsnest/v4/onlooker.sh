#!/bin/bash
# `mode: onlooker` for Crowsnest 4: goes into its folder libs/, and is read behind the other libraries.
#
# Crowsnest 4 hands the cameras of every mode that it does not know to run_mjpg. That function is kept
# under another name for the modes that are its own, and ours takes those of onlooker before it.
#
# Used of Crowsnest: get_param, log_msg, log_output, run_mjpg, unknown_mode_msg and its variable mode.

# shellcheck enable=require-variable-braces

set -Ee

# The program; a build of your own: ONLOOKER_BIN in Crowsnest's environment file.
ONLOOKER_BIN="${ONLOOKER_BIN:-onlooker}"

onlooker_keep() {
    if declare -F "${1}" > /dev/null && ! declare -F "crowsnest_${1}" > /dev/null; then
        eval "crowsnest_$(declare -f "${1}")"
    fi
}
onlooker_keep run_mjpg
onlooker_keep unknown_mode_msg

unknown_mode_msg() {
    if [[ "${mode:-}" != "onlooker" ]]; then
        crowsnest_unknown_mode_msg
    fi
}

run_mjpg() {
    local instance own=() others=()
    for instance in ${1}; do
        if [[ "$(get_param "cam ${instance}" mode)" = "onlooker" ]]; then
            own+=("${instance}")
        else
            others+=("${instance}")
        fi
    done
    for instance in "${own[@]}"; do
        run_onlooker "${instance}" &
    done
    if [[ "${#others[@]}" -gt 0 ]]; then
        crowsnest_run_mjpg "${others[*]}"
    fi
}

# What stands behind --camera for the section [cam NAME].
onlooker_camera() {
    local section="cam ${1}" device spec control controls
    device="$(get_param "${section}" device)"
    case "${device}" in
        /base/*) spec="libcamera:${device}" ;;
        /dev/*) spec="v4l2:${device}" ;;
        *) spec="${device}" ;; # any other of onlooker's: relay:http://192.0.2.7/stream
    esac
    if [[ "${1}" =~ ^[A-Za-z0-9_-]{1,32}$ ]]; then
        spec="${1}=${spec}"
    fi
    spec+=",size=$(get_param "${section}" resolution),fps=$(get_param "${section}" max_fps)"
    IFS="," read -ra controls <<< "$(get_param "${section}" v4l2ctl 2> /dev/null | tr -d ' ')" || true
    for control in "${controls[@]}"; do
        spec+=",ctrl.${control}"
    done
    printf "%s" "${spec}"
}

run_onlooker() {
    local section="cam ${1}" arguments flags
    arguments=(--port "$(get_param "${section}" port)" --camera "$(onlooker_camera "${1}")")
    # Pages from any host show the picture, as they do with Crowsnest's uStreamer.
    arguments+=(--allow-origin "*")
    if [[ "$(get_param crowsnest no_proxy 2> /dev/null)" = "true" ]]; then
        arguments+=(--host 0.0.0.0 --public)
        log_msg "INFO: Set to 'no_proxy' mode! Using 0.0.0.0 !"
    else
        arguments+=(--host 127.0.0.1)
    fi
    read -ra flags <<< "$(get_param "${section}" custom_flags 2> /dev/null)" || true
    arguments+=("${flags[@]}")
    log_msg "Starting onlooker for [${section}] ..."
    printf "Parameters: %s\n" "${arguments[*]}" | log_output "onlooker [${section}]"
    "${ONLOOKER_BIN}" "${arguments[@]}" 2>&1 | log_output "onlooker [${section}]" || true
    log_msg "ERROR: onlooker of [${section}] ended; debug in log_level shows why."
}
