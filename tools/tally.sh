# Runs what ./check is made of, keeps its output, and adds up what passed and failed. Sourced by
# ./check, which sets `out`, the folder of the logs.
# shellcheck shell=bash

passed=0 failed=0 skipped=0 unsteady=0

# counted NAME COMMAND...: runs it into $out/NAME.log; prints one line, with the time, and the end of
# the log when it failed. The command counts as one, or as what its last line "count: PASSED FAILED
# SKIPPED" says; exit status 77 means skipped. (A command that runs as a condition goes on after errors,
# so each says && or || where it matters.)
counted() {
    local name=$1 log=${out:?}/$1.log started=$SECONDS status=0 count line
    shift
    "$@" >"$log" 2>&1 </dev/null || status=$?
    line=$(grep '^count: ' "$log" | tail -n 1 || true)
    if [[ $line ]]; then
        read -ra count <<<"${line#count: }"
    elif ((status == 77)); then
        count=(0 0 1)
    else
        count=($((status == 0)) $((status != 0)) 0)
    fi
    if ((status != 0 && status != 77 && count[1] == 0)); then
        count[1]=1
    fi
    passed=$((passed + count[0])) failed=$((failed + count[1])) skipped=$((skipped + count[2]))
    unsteady=$((unsteady + $(grep -c '^unsteady: ' "$log" || true)))
    if ((count[1] != 0)); then
        echo "---- $name: the end of its output"
        tail -n 150 "$log"
        echo "----"
    elif ((count[2] != 0)); then
        grep -iE '^skipped|skipped:' "$log" | sort -u | head -n 20 || true
    fi
    grep '^unsteady: ' "$log" || true
    printf '%-24s %4d passed %3d failed %3d skipped  %4d s\n' \
        "$name" "${count[@]}" $((SECONDS - started))
    ((count[1] == 0))
}

# The last lines of ./check, and its exit status.
finish() {
    local seconds=$SECONDS
    echo "in $((seconds / 60)) min $((seconds % 60)) s, $skipped skipped"
    echo "$unsteady unsteady"
    echo "$passed passed, $failed failed"
    ((failed == 0)) || exit 1
    exit 0
}
