#!/usr/bin/env bash
# A validator of OpenAPI from the npm registry takes the description that the server gives.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
build=${HOLDPOINT_BUILD:-$PWD/build}
validator=$build/openapi-validator
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Several may begin at once on one build folder: each installs beside, and the first to be done is kept.
install_validator() {
    [ -e "$validator/node_modules/@seriousme/openapi-schema-validator/package.json" ] && return 0
    mkdir -p "$build" || return 1
    local beside
    beside=$(mktemp -d "$build/openapi-validator-XXXXXX") || return 1
    npm install --no-save --no-package-lock --no-audit --no-fund --prefix "$beside" @seriousme/openapi-schema-validator@2 || return 1
    mv -T "$beside" "$validator" 2>/dev/null || rm -rf "$beside"
    [ -e "$validator/node_modules/@seriousme/openapi-schema-validator/package.json" ]
}

validates() { # FILE: exit status 0 when it is a description by OpenAPI 3.1
    (cd "$validator" && node --input-type=module -e '
        import { Validator } from "@seriousme/openapi-schema-validator";
        import { readFileSync } from "node:fs";
        const validator = new Validator();
        const result = await validator.validate(JSON.parse(readFileSync(process.argv[1], "utf8")));
        if (!result.valid) console.log(JSON.stringify(result.errors));
        process.exit(result.valid && validator.version === "3.1" ? 0 : 1);' "$1")
}

serve_description() { # the description as the server gives it
    "${HOLDPOINT:-$build/holdpoint}" serve --quiet --prefix /flows >"$work/line" &
    local server=$! url="" status=0
    while [ -z "$url" ] && kill -0 "$server" 2>/dev/null; do url=$(sed -n 's/^listening on //p' "$work/line"); done
    curl --fail --silent "$url/openapi.json" >"$work/served.json" || status=$?
    kill "$server" && wait "$server" || status=1
    [ "$status" -eq 0 ] && jq -e '.servers[0].url == "/flows"' "$work/served.json"
}

broken() { # a description without the type of an answer
    jq 'del(.paths["/interrupts"].get.responses)  | .info.version = 1' reference/server/openapi.json >"$work/broken.json"
    exits 1 validates "$work/broken.json"
}

check "the validator is there, or can be installed" install_validator
check "it takes the description" validates "$PWD/reference/server/openapi.json"
check "the server gives a description" serve_description
check "it takes that one too" validates "$work/served.json"
check "it refuses a broken one" broken
tap_end
