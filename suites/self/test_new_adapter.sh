#!/usr/bin/env bash
# `holdpoint new-adapter`: each skeleton as it is written, built by its own means, examined by the doctor and run.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
work=$(mktemp -d)
server=
address=
# shellcheck disable=SC2317
clean_up() {
    [ -z "$server" ] || kill "$server"
    rm -rf "$work"
}
trap clean_up EXIT
# What the tools of the languages keep goes where the test cleans up.
export NO_COLOR=1 HOLDPOINT_FIXTURES=$PWD/fixtures PYTHONDONTWRITEBYTECODE=1 GOCACHE=${HOLDPOINT_BUILD:-$PWD/build}/go GOFLAGS=-mod=mod

said() { # EXIT-CODE TEXT COMMAND...: the command ends so and says so
    local wanted=$1 text=$2
    shift 2
    if ! exits "$wanted" "$@" >"$work/out" 2>&1 || ! grep -qF -- "$text" "$work/out"; then
        tail -20 "$work/out" | cut -c 1-200
        return 1
    fi
}
build() { # as the skeleton's own line says, if there is one; every warning is an error
    local line
    line=$(sed -n 's/^build    //p' "$work/written")
    [ -z "$line" ] || CFLAGS='-Wall -Wextra -Wconversion -Wshadow -Werror' bash -c "$line"
}
target_of() { eval "printf '%s' $(sed -n "s/^run      .* --target //p" "$work/written")"; }

ask() { # the answers to lines: error name or "ok", and the id
    printf '%s\n' "$@" | eval "${target#stdio:}" | jq -rc '"\(.id) \(.error.data.name // "ok")"' | tr '\n' ';'
}
line() { printf '{"jsonrpc":"2.0","id":%s,"method":"%s","params":%s}' "$@"; }
# What a language's own reader cannot see its skeleton says.
reads_strictly() {
    local wanted='1 ok;2 invalid;3 invalid;4 invalid;5 ok;6 unsupported;' got
    got=$(ask "$(line 1 describe '{"a":"\ud83d\ude00 \\u0000"}')" "$(line 2 describe '{"a":"\u0000"}')" \
        "$(line 3 describe '{"a":["\ud83d"]}')" "$(line 4 describe '[]')" "$(line 5 describe '{}')" "$(line 6 toString '{}')")
    [ "$got" = "$wanted" ] || { echo "$got"; return 1; }
    [ "$1" = node ] && return 0
    got=$(ask "$(line 1 describe '{"a":1,"a":2}')" "$(line 2 describe '{"a":9223372036854775808}')" \
        "$(line 3 describe '{"a":9223372036854775807}')" "$(line 4 describe '{"a":1e999}')")
    [ "$got" = '1 invalid;2 invalid;3 ok;4 invalid;' ] || { echo "$got"; return 1; }
}

for language in python node go c; do
    folder=$work/in-$language
    check "$language: a skeleton is written" eval "'$holdpoint' new-adapter $language '$folder' >'$work/written'"
    check "$language: it builds without a warning" build
    target=$(target_of)
    check "$language: the doctor finds it healthy at once" said 0 HEALTHY "$holdpoint" doctor "$target"
    check "$language: it declares what it does, and nothing else" said 0 "in-$language 0.1, " "$holdpoint" doctor "$target"
    only_describe() { ask "$(line 1 hello '{"protocol":1,"nonce":"n"}')" >/dev/null &&
        [ "$(line 1 hello '{"protocol":1,"nonce":"n"}' | eval "${target#stdio:}" | jq -c .result.capabilities)" = '["describe"]' ]; }
    check "$language: that is describe" only_describe
    check "$language: a run conforms" said 0 ' = passed 1 + unsupported ' "$holdpoint" run --target "$target" --report-dir "$work/reports"
    check "$language: and says what to build next" grep -qE '^next     build and declare create: that opens [0-9]+ more cases$' "$work/out"
    check "$language: what the contract does not take never gets through" reads_strictly "$language"
    check "$language: its README names no other file than there are" eval \
        "sed -nE 's/^\| \`([^\`]+)\` \|.*/\1/p' '$folder/README.md' | grep . | (cd '$folder' && xargs ls)"
done
check "Go's files are as gofmt wants them" [ -z "$(gofmt -l "$work/in-go")" ]

# Over HTTP: each server with methods that answer what they are asked.
echo_methods() {
    case $1 in
    python) cat <<'END' ;;

NAMES = ("create", "get", "list", "respond", "cancel")
METHODS.update({"interrupt." + name: lambda params, name=name: {"by": name, "interrupt": params} for name in NAMES})
END
    node) cat <<'END' ;;
for (const name of ['create', 'get', 'list', 'respond', 'cancel']) METHODS['interrupt.' + name] = async params => ({ by: name, interrupt: params })
END
    go) cat <<'END' ;;

func init() {
	for _, name := range []string{"create", "get", "list", "respond", "cancel"} {
		name := name
		methods["interrupt."+name] = func(params object) (object, error) { return object{"by": name, "interrupt": params}, nil }
	}
}
END
    esac
}
serve() { # WHAT: starts what the skeleton's own line starts, on a free port
    local line
    line=$(sed -n 's/^serve    export PORT=8080; \(.*\) &$/\1/p' "$work/written")
    exec 3< <(exec 2>"$work/log"; eval "PORT=0 exec $line")
    server=$!
    read -rt 30 address <&3
    check "$1" [ "${address%:*}" = 'listening on http://127.0.0.1' ]
    address=${address#listening on }
    PORT=${address#http://127.0.0.1:}
    export PORT=${PORT%%/*}
}
stop() {
    kill "$server"
    wait "$server"
    server=
    exec 3<&-
}
answers() { # STATUS BODY VERB PATH [SENT]
    local got wanted="$1 $2"
    got=$(curl -s -X "$3" -w '\n%{http_code}' "$address$4" ${5+-d "$5"})
    got="${got##*$'\n'} $(jq -Sc 'if .detail then .name else . end' <<<"${got%$'\n'*}")"
    [ "$got" = "$wanted" ] || { echo "got $got"; echo "not $wanted"; return 1; }
}
for language in python node go; do
    folder=$work/http-$language
    check "$language over HTTP: a skeleton is written" eval "'$holdpoint' new-adapter --http $language '$folder' >'$work/written'"
    check "$language over HTTP: it builds without a warning" build
    serve "$language over HTTP: it serves"
    target=$(target_of)
    check "$language over HTTP: the doctor finds it healthy at once" said 0 HEALTHY "$holdpoint" doctor "$target"
    check "$language over HTTP: a run conforms" said 0 ' = passed 1 + unsupported ' "$holdpoint" run --target "$target" --report-dir "$work/reports"
    check "$language over HTTP: and says what to build next" grep -qE '^next     build and declare create: ' "$work/out"
    check "$language over HTTP: what is not built is 501" answers 501 '"unsupported"' POST /interrupts '{}'
    stop
    echo_methods "$language" >>"$folder/$(sed -n 's|^fill in .*/\([^/]*\), .*|\1|p' "$work/written")"
    check "$language over HTTP: it builds with more" build
    serve "$language over HTTP: and serves"
    while IFS='|' read -r status body verb path sent; do
        check "$language over HTTP: $verb $path $sent" answers "$status" "$body" "$verb" "$path" ${sent:+"$sent"}
    done <<'END'
201|{"data":{"a":[1,2.5]},"kind":"timeout"}|POST|/interrupts|{"kind":"timeout","data":{"a":[1,2.5]}}
200|{"id":"a/b","user_id":"é x"}|GET|/interrupts/a%2Fb?user_id=%C3%A9%20x
200|{"by":"list","interrupt":{"kinds":["timeout","checkpoint"],"limit":5,"status":"all","user_id":"ann"}}|GET|/interrupts?user_id=ann&kind=timeout&kind=checkpoint&limit=5&status_filter=all
200|{"by":"list","interrupt":{"limit":"five"}}|GET|/interrupts?limit=five
200|{"by":"respond","interrupt":{"id":"1","response":{"text":"yes"},"user_id":"ann"}}|POST|/interrupts/1/respond?user_id=ann|{"text":"yes"}
204||DELETE|/interrupts/1?user_id=ann&reason=no%20more
400|"invalid"|POST|/interrupts|[1]
400|"invalid"|POST|/interrupts|{"a":
400|"invalid"|POST|/interrupts|{"a":"\u0000"}
400|"invalid"|GET|/interrupts?user_id=ann&user_id=bob
400|"invalid"|GET|/interrupts?user_id=ann%00x
400|"invalid"|GET|/interrupts/%FF
404|"not_found"|GET|/nowhere
404|"not_found"|DELETE|/interrupts
END
    stop
done

check "a misspelt language is told" said 2 'did you mean python?' "$holdpoint" new-adapter pyhton "$work/new"
check "C has no skeleton over HTTP, and says what instead" said 2 '--http is not offered for c' "$holdpoint" new-adapter c --http "$work/new"
check "a folder that holds something is left alone" said 2 'is not empty: it holds ' "$holdpoint" new-adapter go "$work/in-go"
check "a folder is asked for" said 2 'an argument is missing' "$holdpoint" new-adapter go
check "the manual has examples" said 0 'holdpoint new-adapter python ' "$holdpoint" new-adapter --help
tap_end
