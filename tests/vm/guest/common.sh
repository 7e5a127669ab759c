# What the scripts in the guest share; run.sh puts it in front of each.
set -u
fail() { echo "FAILED: $*"; exit 1; }

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
    local rest=$(($1 * 20))
    shift
    until "$@" > /dev/null 2>&1; do
        rest=$((rest - 1))
        [ $rest -gt 0 ] || fail "waited in vain for: $*"
        sleep 0.05
    done
}
