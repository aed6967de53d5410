# Sourced by the tests of the examples: what each of these services must show. Wants tap.sh, $holdpoint and $work.
# shellcheck shell=bash
: "${holdpoint:?}" "${work:?}"

# stays_short FILE: an adapter that takes longer than that to write is not one for ten minutes.
stays_short() {
    local lines
    lines=$(wc -l <"$1")
    [ "$lines" -lt 60 ] || {
        echo "$1 has $lines lines, 60 are too many"
        return 1
    }
}

# is_healthy TARGET
is_healthy() {
    "$holdpoint" doctor --no-color "$1" >"$work/doctor" || {
        grep -v '^ok ' "$work/doctor"
        return 1
    }
}

# conforms TARGET NAME: runs every case; what was said stays in $work/NAME.
conforms() {
    "$holdpoint" run --no-color --target "$1" >"$work/$2" 2>&1 || {
        grep -vE '^  [a-z]+: [0-9]+ done' "$work/$2"
        return 1
    }
}

# passed_at_least COUNT NAME: a service that declares nothing conforms too.
passed_at_least() {
    local passed
    passed=$(sed -nE 's/^selected [0-9]+ = passed ([0-9]+).*/\1/p' "$work/$2")
    [ "${passed:-0}" -ge "$1" ] || {
        echo "passed ${passed:-none}, at least $1 were expected"
        return 1
    }
}

# explains_the_rest README NAME: each reason for which cases were unsupported stands in the README.
explains_the_rest() {
    local reason silent=0
    while read -r reason; do
        grep -qF "\`$reason\`" "$1" || {
            echo "$1 does not say why \`$reason\` is missing"
            silent=1
        }
    done < <(sed -nE 's/^ +unsupported [0-9]+: needs (the capability )?([^,]*), .*/\2/p' "$work/$2" | sed 's/^2 endpoints$/endpoints/')
    return $silent
}

# accounts_for_all NAME: each unsupported case has a reason that the check above has seen.
accounts_for_all() {
    local given all
    given=$(awk '/^ +unsupported [0-9]+: needs .*, /{ sum += $2 } END { print sum + 0 }' "$work/$1")
    all=$(sed -nE 's/^selected .* unsupported ([0-9]+).*/\1/p' "$work/$1")
    [ "${given:-0}" = "${all:-0}" ] || {
        echo "${all:-0} cases are unsupported, reasons are given for ${given:-0}"
        return 1
    }
}

# agrees_with_reference TARGET: the same verdicts, and the same said in every case, but for what the contract leaves free.
agrees_with_reference() {
    "$holdpoint" run --no-color --filter '!concurrency' --target memory --target "$1" >"$work/parity" 2>&1 || {
        sed -n '/parity of/,/^$/p' "$work/parity"
        return 1
    }
    grep -qE 'parity of .* holds: [1-9][0-9]+ cases compared, 0 differ' "$work/parity"
}

# check_example NAME COUNT README TARGET
check_example() {
    check "$1: doctor finds nothing" is_healthy "$4"
    check "$1: all cases pass that it declares" conforms "$4" "$1"
    check "$1: these are at least $2" passed_at_least "$2" "$1"
    check "$1: each unsupported case says why" accounts_for_all "$1"
    check "$1: the README explains what is unsupported" explains_the_rest "$3" "$1"
    check "$1: it says what the reference says" agrees_with_reference "$4"
}
