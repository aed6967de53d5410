#!/usr/bin/env bash
# Another reader of JSON Schema, ajv, judges the corpus as our own does, and takes every file of the fixtures.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
build=${HOLDPOINT_BUILD:-$PWD/build}
export AJV_DIR=$build/ajv

# Several may begin at once on one build folder: each installs beside, and the first to be done is kept.
install_ajv() {
    [ -e "$AJV_DIR/node_modules/ajv/dist/2020.js" ] && return 0
    mkdir -p "$build" || return 1
    local beside
    beside=$(mktemp -d "$build/ajv-XXXXXX") || return 1
    npm install --no-save --no-package-lock --no-audit --no-fund --prefix "$beside" ajv@8 || return 1
    mv -T "$beside" "$AJV_DIR" 2>/dev/null || rm -rf "$beside"
    [ -e "$AJV_DIR/node_modules/ajv/dist/2020.js" ]
}

# The lines of a TAP script that matter: what is not ok, and the count.
tap_of() {
    local output status=0
    output=$(node "$@" 2>&1) || status=$?
    grep -v '^ok ' <<<"$output"
    return $status
}

schema_less() { # every JSON file below fixtures/ says which schema it fits
    ! grep -L 'schema": *"' "${files[@]}" | grep .
}

changed_file_is_refused() { # a member that no schema knows
    local work
    work=$(mktemp -d)
    jq --arg schema "$PWD/fixtures/schema/requirements.json" '.["$schema"] = $schema | .more = 1' \
        fixtures/requirements.json >"$work/more.json"
    exits 1 node suites/self/ajv_fixtures.js "$work/more.json"
    local status=$?
    rm -rf "$work"
    return $status
}

mapfile -t files < <(find fixtures -name '*.json' | sort)
check "ajv is there, or can be installed" install_ajv
check "ajv judges the corpus as our reader does" tap_of suites/self/ajv_corpus.js
check "every file of the fixtures names its schema" schema_less
check "ajv takes every file of the fixtures" tap_of suites/self/ajv_fixtures.js "${files[@]}"
check "ajv refuses a file with a member too many" changed_file_is_refused
tap_end
