# The service under a systemd that runs the machine: see systemd.service, which starts this.
onlooker=$1 service=$2 socket=$3 sysusers=$4 tests=$5
read -r program config < <(sed -n 's/^ExecStart=\(\S*\) --config \(\S*\)\( .*\)\?$/\1 \2/p' "$service")
[ -n "$config" ] || fail "no program and no configuration file in $service"
install -D -m 755 "$onlooker" "$program"
mkdir -p "$(dirname "$config")"
install -m 644 "$service" "$socket" /etc/systemd/system/
systemd-sysusers "$sysusers" || fail "no user"
systemctl daemon-reload

PYTHONDONTWRITEBYTECODE=1 TEST_ONLOOKER=$program TEST_CONFIG=$config /usr/bin/python3 "$tests"
status=$?
[ "$status" = 0 ] || journalctl --no-pager -o short-monotonic -n 150 -u onlooker.service -u onlooker.socket
exit "$status"
