# fish completion for onlooker
# The parts between [brackets] are made from the program's tables: ninja -C BUILD renew-manual.

# The words before the one that is typed, but for the program's name.
function __onlooker_words
    set -l words (commandline -opc)
    set -q words[2]; and printf '%s\n' $words[2..-1]
end

function __onlooker_begins
    test (count (__onlooker_words)) -eq 0
end

# One of these words alone.
function __onlooker_follows
    test "$(__onlooker_words)" = "$argv"
end

function __onlooker_command
    set -l words (__onlooker_words)
    test "$words[1..$(count $argv)]" = "$argv"
end

function __onlooker_serves
    not contains -- "$(__onlooker_words)[1]" user token link key
end

complete -c onlooker -f
# [options]
complete -c onlooker -n __onlooker_serves -l camera -x -a 'emulated testcard v4l2 libcamera pi relay opencv' -d 'A camera, [NAME=]DRIVER[:SOURCE][,key=value...]; repeatable'
complete -c onlooker -n __onlooker_serves -l idle-seconds -x -d 'A camera closes this long after its last viewer left'
complete -c onlooker -n __onlooker_serves -l always-on -d 'Keep the cameras open without viewers'
complete -c onlooker -n __onlooker_serves -l pre-roll -x -d 'Clips begin so long before they are asked for'
complete -c onlooker -n __onlooker_serves -l pre-roll-megabytes -x -d 'Most memory for that, of all cameras together'
complete -c onlooker -n __onlooker_serves -l quality -x -d 'JPEG quality where we encode'
complete -c onlooker -n __onlooker_serves -l subsampling -x -a '420 422 444' -d 'Colour that the JPEG keeps where we encode'
complete -c onlooker -n __onlooker_serves -l max-variants -x -d 'Smaller, turned or lettered pictures made at a time'
complete -c onlooker -n __onlooker_serves -l variant-workers -x -d 'Threads that make them; 0: one fewer than cores, 1 to 4'
complete -c onlooker -n __onlooker_serves -l drop-same-frames -x -d 'Pictures that are the same octet for octet are sent again after so long; 0: as they come'
complete -c onlooker -n __onlooker_serves -l changed -x -d 'So are those in which no spot of 8 x 8 pixels has changed by so many of 256 grey levels, 6 for example; 0: octets are compared'
complete -c onlooker -n __onlooker_serves -l state-file -r -F -d 'Keep what is set on controls over a restart, in this file; else in $STATE_DIRECTORY, if a service manager has set it'
complete -c onlooker -n __onlooker_serves -l stall-seconds -x -d 'A camera without a frame for so long is opened again'
complete -c onlooker -n __onlooker_serves -l stall-frames -x -d 'The same, in frames that it owes; the longer counts'
complete -c onlooker -n __onlooker_serves -l retry-first-seconds -x -d 'First wait before a failed camera is tried again'
complete -c onlooker -n __onlooker_serves -l retry-longest-seconds -x -d 'The wait doubles with each failure, up to this'
complete -c onlooker -n __onlooker_serves -l driver-dir -x -a '(__fish_complete_directories)' -d 'Where driver modules camera_NAME.so are'
complete -c onlooker -n __onlooker_serves -l overlay-font -r -F -d 'Font of the words on pictures; else DejaVu Sans or the like'
complete -c onlooker -n __onlooker_serves -l host -x -d 'Address to listen on; if not loopback, with --users or --public'
complete -c onlooker -n __onlooker_serves -l port -x -d 'TCP port to listen on'
complete -c onlooker -n __onlooker_serves -l listen -x -d 'More to listen on, or instead of these two; repeatable'
complete -c onlooker -n __onlooker_serves -l public -d 'Agree that anyone on that network may watch, without a login'
complete -c onlooker -n __onlooker_serves -l allow-host -x -d 'A name by which requests may call this server; repeatable'
complete -c onlooker -n __onlooker_serves -l allow-origin -x -d 'Where other pages that may show pictures come from; repeatable'
complete -c onlooker -n __onlooker_serves -l prefix -x -d 'What a proxy leaves before our paths, as /webcam; / for nothing'
complete -c onlooker -n __onlooker_serves -l tls-certificate -r -F -d 'Certificate chain for HTTPS, PEM'
complete -c onlooker -n __onlooker_serves -l tls-key -r -F -d 'Its private key, PEM'
complete -c onlooker -n __onlooker_serves -l tls-self-signed -d 'HTTPS with a certificate of our own, made once and kept there; else in $STATE_DIRECTORY or ~/.local/state/onlooker'
complete -c onlooker -n __onlooker_serves -l tls-redirect -d 'Send requests on ports without TLS to the one with it'
complete -c onlooker -n __onlooker_serves -l users -r -F -d 'Logins, tokens and keys of links; with it viewers must log in'
complete -c onlooker -n __onlooker_serves -l logins-need-tls -d 'Take passwords and tokens of other machines over HTTPS alone'
complete -c onlooker -n __onlooker_serves -l trusted-proxy -x -d 'A proxy, or a network as 192.0.2.0/24, that is believed who asks, and whether by HTTPS (X-Forwarded-For, -Proto); repeatable'
complete -c onlooker -n __onlooker_serves -l max-connections -x -d 'Connections at a time; 0: as the descriptor limit allows'
complete -c onlooker -n __onlooker_serves -l max-connections-per-address -x -d 'The same per client address; 0: no limit'
complete -c onlooker -n __onlooker_serves -l max-viewers -x -d 'Streams watched at a time, without snapshots; 0: no limit'
complete -c onlooker -n __onlooker_serves -l max-viewers-per-camera -x -d 'The same per camera, where it has no max_viewers of its own'
complete -c onlooker -n __onlooker_serves -l max-viewers-per-address -x -d 'The same per client address, as a --trusted-proxy names it'
complete -c onlooker -n __onlooker_serves -l max-request-line-octets -x -d 'Longest request line'
complete -c onlooker -n __onlooker_serves -l max-fields-octets -x -d 'Header fields of a request, together'
complete -c onlooker -n __onlooker_serves -l max-field-count -x -d 'Their number'
complete -c onlooker -n __onlooker_serves -l max-body-octets -x -d 'Body of a request'
complete -c onlooker -n __onlooker_serves -l first-request-deadline-seconds -x -d 'From connecting to the first octet'
complete -c onlooker -n __onlooker_serves -l head-deadline-seconds -x -d 'For a whole request head'
complete -c onlooker -n __onlooker_serves -l body-deadline-seconds -x -d 'For a whole request body'
complete -c onlooker -n __onlooker_serves -l idle-deadline-seconds -x -d 'Between two requests of a connection'
complete -c onlooker -n __onlooker_serves -l no-progress-deadline-seconds -x -d 'A viewer that takes nothing for so long is closed'
complete -c onlooker -n __onlooker_serves -l config -r -F -d 'Read settings from a file of lines `name = value`'
complete -c onlooker -n __onlooker_serves -l log-level -x -a 'debug info warning error off' -d 'debug, info, warning, error or off'
complete -c onlooker -n __onlooker_serves -l exit-idle -x -d 'Started by systemd\'s socket, end when nobody came so long'
complete -c onlooker -n __onlooker_serves -l user -x -a '(__fish_complete_users)' -d 'Whom root becomes once it listens; else onlooker, if there is one'
complete -c onlooker -n __onlooker_serves -l check-config -d 'Say whether the configuration is good, and exit'
complete -c onlooker -n __onlooker_serves -l list-cameras -d 'Show the cameras of this machine, and exit'
complete -c onlooker -n __onlooker_serves -l version -d 'Show the version and what is built in, and exit'
complete -c onlooker -n __onlooker_serves -s h -l help -a 'emulated testcard v4l2 libcamera pi relay opencv' -d 'Show this, or the options of a driver, and exit'
complete -c onlooker -n __onlooker_serves -l import-ustreamer -x -d 'Print our configuration for a command line of uStreamer, and exit; -: it, or the unit that holds it, from standard input'
complete -c onlooker -n __onlooker_serves -l import-mjpg-streamer -x -d 'The same for mjpg-streamer, -i "input_uvc.so ..." -o "..."'
complete -c onlooker -n __onlooker_serves -l import-camera-streamer -x -d 'The same for camera-streamer'
complete -c onlooker -n __onlooker_serves -l import-motion -r -F -d 'The same for Motion\'s motion.conf, with the files it names'
# [end]
# [commands]
complete -c onlooker -n __onlooker_begins -a user -d 'Who may log in with a name and a password'
complete -c onlooker -n __onlooker_begins -a token -d 'Programs that may come in'
complete -c onlooker -n __onlooker_begins -a link -d 'A URL that shows one camera for a while'
complete -c onlooker -n __onlooker_begins -a key -d 'What links are signed with'
complete -c onlooker -n '__onlooker_follows user' -a add -d 'Lets somebody in; makes the file where there is none'
complete -c onlooker -n '__onlooker_follows user' -a list -d 'Shows the users, and what they may do'
complete -c onlooker -n '__onlooker_follows user' -a remove -d 'Ends the user\'s sessions and streams, too'
complete -c onlooker -n '__onlooker_follows user' -a password -d 'Sets another password, and ends the user\'s sessions'
complete -c onlooker -n '__onlooker_follows user' -a grant -d 'Changes what a user may do, to what the options say'
complete -c onlooker -n '__onlooker_follows token' -a add -d 'Makes a token, and prints it'
complete -c onlooker -n '__onlooker_follows token' -a list -d 'Shows the tokens\' names, and what they allow'
complete -c onlooker -n '__onlooker_follows token' -a revoke -d 'Ends the streams that it let in, too'
complete -c onlooker -n '__onlooker_follows key' -a rotate -d 'Signs with a new key from now on'
complete -c onlooker -n '__onlooker_command user add' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command user add' -l scope -x -a 'view push control admin' -d 'view, push, control or admin, or several with commas'
complete -c onlooker -n '__onlooker_command user add' -l cameras -x -d 'Names, with commas between'
complete -c onlooker -n '__onlooker_command user list' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command user remove' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command user password' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command user grant' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command user grant' -l scope -x -a 'view push control admin' -d 'view, push, control or admin, or several with commas'
complete -c onlooker -n '__onlooker_command user grant' -l cameras -x -d 'Names, with commas between'
complete -c onlooker -n '__onlooker_command token add' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command token add' -l scope -x -a 'view push control admin' -d 'view, push, control or admin, or several with commas'
complete -c onlooker -n '__onlooker_command token add' -l cameras -x -d 'Names, with commas between'
complete -c onlooker -n '__onlooker_command token list' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command token revoke' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command link' -l for -x -d 'How long it can be opened'
complete -c onlooker -n '__onlooker_command link' -l ends-after -x -d 'When a stream that was opened ends; counts from now'
complete -c onlooker -n '__onlooker_command link' -l base -x -d 'The server\'s address'
complete -c onlooker -n '__onlooker_command link' -l revoke -x -d 'A link, by its URL or id, that is to end'
complete -c onlooker -n '__onlooker_command link' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command key rotate' -l users -r -F -d 'The file that says who may come in'
complete -c onlooker -n '__onlooker_command key rotate' -l drop-old -d 'Links that were made before end at once'
# [end]
