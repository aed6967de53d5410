#!/usr/bin/env bash
# The reference and the example in Python over one database: each reads what the other wrote, and their clients race each other.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
export HOLDPOINT=$holdpoint PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mixed=(examples/interop/throwaway.py "$holdpoint" run --fixtures fixtures --report-dir "$work/report" --no-color
    --target profile:examples/interop/profile.json)

races() { # every case that asks two servers at once, and some in which clients come to both
    "${mixed[@]}" --filter "concurrency.two-*" --filter concurrency.schedule.two-servers --filter concurrency.respond-cancel.eight \
        --filter concurrency.sweeps-at-once.eight --filter lifecycle.endpoints --filter events.drain.other-endpoint >"$work/races" 2>&1 ||
        { tail -60 "$work/races"; return 1; }
    grep -q '^selected .* = passed 19 + ' "$work/races" &&
        ! grep '^  unsupported' "$work/races" | grep -vqE 'the capability (flow|ratelimit),' # which the example has not
}

known() { # what the baseline says, and that it says no more
    "${mixed[@]}" --filter listing.pages --baseline examples/interop/baseline.json >"$work/known" 2>&1 ||
        { tail -60 "$work/known"; return 1; }
    grep -q '^selected .* + expected_failure 1$' "$work/known"
}

ends_as_told() {
    # shellcheck disable=SC2016
    exits 7 examples/interop/throwaway.py sh -c "exit 7" && exits 2 examples/interop/throwaway.py &&
        [ -z "$(examples/interop/throwaway.py sh -c 'psql "$DATABASE" -Atc "show listen_addresses"')" ]
}

leaves_nothing() {
    local folder
    # shellcheck disable=SC2016
    folder=$(examples/interop/throwaway.py sh -c 'echo "$DATABASE"' | sed -E 's/host=([^ ]*).*/\1/')
    [ -n "$folder" ] && [ ! -e "$folder" ]
}

check "a throwaway server ends as its command does" ends_as_told
check "and leaves nothing behind" leaves_nothing
check "each goes on with what the other wrote" examples/interop/throwaway.py /usr/bin/python3 examples/interop/test_interop.py
check "clients of both race each other" races
check "only cursors are each its own" known
tap_end
