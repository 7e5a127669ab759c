# bash completion for onlooker                             -*- shell-script -*-
# The parts between [brackets] are made from the program's tables: ninja -C BUILD renew-manual.

_onlooker_words() {
    mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
}

# [NAME=]DRIVER[:SOURCE]
_onlooker_camera() {
    cur=${cur##*=}
    if [[ $cur == *:* ]]; then
        cur=${cur#*:}
        _filedir
    else
        _onlooker_words "${drivers[@]}"
        compopt -o nospace 2>/dev/null
    fi
}

_onlooker() {
    local cur prev words cword split
    _init_completion -s -n : || return
    local drivers=(
        # [drivers]
        emulated testcard v4l2 libcamera pi relay opencv
        # [end]
    )
    local options=(
        # [options]
        --camera --idle-seconds --always-on --pre-roll --pre-roll-megabytes --quality --subsampling
        --max-variants --variant-workers --drop-same-frames --changed --state-file --stall-seconds
        --stall-frames --retry-first-seconds --retry-longest-seconds --driver-dir --overlay-font
        --host --port --listen --public --allow-host --allow-origin --prefix --tls-certificate
        --tls-key --tls-self-signed --tls-redirect --users --logins-need-tls --trusted-proxy
        --max-connections --max-connections-per-address --max-viewers --max-viewers-per-camera
        --max-viewers-per-address --max-request-line-octets --max-fields-octets --max-field-count
        --max-body-octets --first-request-deadline-seconds --head-deadline-seconds
        --body-deadline-seconds --idle-deadline-seconds --no-progress-deadline-seconds --config
        --log-level --exit-idle --user --check-config --list-cameras --version --help
        --import-ustreamer --import-mjpg-streamer --import-camera-streamer --import-motion
        # [end]
    )
    # Commands, and what follows them.
    local -A verbs=(
        # [verbs]
        [user]='add list remove password grant'
        [token]='add list revoke'
        [link]=''
        [key]='rotate'
        # [end]
    )
    local -A command_options=(
        # [options of commands]
        ['user add']='--users --scope --cameras --help'
        ['user list']='--users --help'
        ['user remove']='--users --help'
        ['user password']='--users --help'
        ['user grant']='--users --scope --cameras --help'
        ['token add']='--users --scope --cameras --help'
        ['token list']='--users --help'
        ['token revoke']='--users --help'
        ['link']='--for --ends-after --base --revoke --users --help'
        ['key rotate']='--users --drop-old --help'
        # [end]
    )

    case $prev in
        # [values]
        --camera)
            _onlooker_camera
            return
            ;;
        --idle-seconds | --pre-roll | --pre-roll-megabytes | --quality | --max-variants | \
        --variant-workers | --drop-same-frames | --changed | --stall-seconds | --stall-frames | \
        --retry-first-seconds | --retry-longest-seconds | --host | --port | --listen | \
        --allow-host | --allow-origin | --prefix | --trusted-proxy | --max-connections | \
        --max-connections-per-address | --max-viewers | --max-viewers-per-camera | \
        --max-viewers-per-address | --max-request-line-octets | --max-fields-octets | \
        --max-field-count | --max-body-octets | --first-request-deadline-seconds | \
        --head-deadline-seconds | --body-deadline-seconds | --idle-deadline-seconds | \
        --no-progress-deadline-seconds | --exit-idle | --import-ustreamer | \
        --import-mjpg-streamer | --import-camera-streamer)
            return
            ;;
        --subsampling)
            _onlooker_words 420 422 444
            return
            ;;
        --state-file | --overlay-font | --tls-certificate | --tls-key | --users | --config | \
        --import-motion)
            _filedir
            return
            ;;
        --driver-dir)
            _filedir -d
            return
            ;;
        --tls-self-signed)
            [[ $cur == -* ]] || { _filedir -d; return; }
            ;;
        --log-level)
            _onlooker_words debug info warning error off
            return
            ;;
        --user)
            _onlooker_words "$(compgen -u)"
            return
            ;;
        --help | -h)
            [[ $cur == -* ]] || { _onlooker_words "${drivers[@]}"; return; }
            ;;
        # [end]
        --scope)
            _onlooker_words view push control admin
            return
            ;;
        --cameras | --for | --ends-after | --base | --revoke)
            return
            ;;
    esac
    [[ ${split-} == true ]] && return

    local first=${words[1]-}
    if ((cword == 1)) && [[ $cur != -* ]]; then
        _onlooker_words "${!verbs[@]}"
    elif ((cword > 1)) && [[ -n ${verbs[$first]+known} ]]; then
        local command=$first
        [[ -n ${verbs[$first]} ]] && command+=" ${words[2]-}"
        if ((cword == 2)) && [[ -n ${verbs[$first]} && $cur != -* ]]; then
            _onlooker_words "${verbs[$first]}"
        else
            _onlooker_words "${command_options[$command]---help}"
        fi
    else
        _onlooker_words "${options[@]}"
    fi
} && complete -F _onlooker onlooker
