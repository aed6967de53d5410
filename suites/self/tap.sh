# Sourced by the shell tests: counts checks in TAP. The plan comes last, so a script that dies early is noticed.
# shellcheck shell=bash
tap_count=0
tap_failed=0

# check NAME COMMAND...: the command must succeed; what it printed is shown when it does not.
check() {
    local name=$1 output
    shift
    tap_count=$((tap_count + 1))
    if output=$("$@" 2>&1); then
        echo "ok $tap_count - $name"
    else
        tap_failed=$((tap_failed + 1))
        echo "not ok $tap_count - $name"
        printf '%s\n' "$output" | head -20 | sed 's/^/# /'
    fi
}

# exits WANTED COMMAND...: succeeds when the command's exit status is the wanted one.
exits() {
    local wanted=$1 status=0
    shift
    "$@" || status=$?
    [ "$status" -eq "$wanted" ] || {
        echo "exit status $status, wanted $wanted: $*"
        return 1
    }
}

tap_end() {
    echo "1..$tap_count"
    [ "$tap_failed" -eq 0 ]
}
