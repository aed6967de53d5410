#!/usr/bin/env bash
# examples/ci: the files fit what GitHub and GitLab take, hold the commands of README, and gate as they say.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-$PWD/build/holdpoint}
build=${HOLDPOINT_BUILD:-$PWD/build}
tools=$build/ci-tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Debian's own Python has the reader of YAML that yamllint brings along.
ci_files() { /usr/bin/python3 suites/self/ci_files.py "$@"; }

# Both bring the published schemas along. Several may begin at once on one build folder: the first to be done is kept.
install_tools() {
    [ -e "$tools/node_modules/gitlab-ci-local" ] && return 0
    local beside
    mkdir -p "$build" && beside=$(mktemp -d "$build/ci-tools-XXXXXX") || return 1
    npm install --no-save --no-package-lock --no-audit --no-fund --prefix "$beside" \
        @action-validator/cli@0.6.0 @action-validator/core@0.6.0 gitlab-ci-local@4.52.0 || return 1
    mv -T "$beside" "$tools" 2>/dev/null || rm -rf "$beside"
    [ -e "$tools/node_modules/gitlab-ci-local" ]
}
github_takes() { node "$tools/node_modules/.bin/action-validator" "$1"; }
gitlab_takes() { # in a repository, since the tool asks git where it is
    rm -rf "$work/repository"
    git init -q "$work/repository" || return 1
    cp "$1" "$work/repository/.gitlab-ci.yml"
    git -C "$work/repository" remote add origin https://gitlab.example/them/theirs.git
    git -C "$work/repository" add -A
    git -C "$work/repository" -c user.name=ann -c user.email=ann@example.com commit -qm 'a commit' || return 1
    (cd "$work/repository" && node "$tools/node_modules/.bin/gitlab-ci-local" --list)
}
refuses() { # TOOL FROM TO FILE: the file with one thing changed is refused
    sed "s/$2/$3/" "$4" >"$work/${4##*/}"
    ! cmp -s "$work/${4##*/}" "$4" && ! "$1" "$work/${4##*/}"
}

check "yamllint takes all of them" yamllint --strict -c examples/ci/.yamllint examples/ci
check "the readers of GitHub's and GitLab's files are installed" install_tools
check "GitHub takes the workflow" github_takes examples/ci/github-workflow.yml
check "GitHub takes the action" github_takes examples/ci/action.yml
check "GitLab takes the job" gitlab_takes examples/ci/gitlab-ci.yml
check "a workflow with a wrong key is refused" refuses github_takes runs-on runs-at examples/ci/github-workflow.yml
check "an action with a wrong kind is refused" refuses github_takes 'using: composite' 'using: parts' examples/ci/action.yml
check "a job with a wrong key is refused" refuses gitlab_takes after_script after examples/ci/gitlab-ci.yml

# shellcheck disable=SC2016
readme_commands() { sed -n '/^## A gate in CI/,/^## /p' README.md | sed -n '/^```sh/,/^```/p' | grep -v '^```'; }
has_commands() { [ "$(readme_commands | wc -l)" -ge 2 ]; }
in_both() { # each command of README stands in the action and in the job
    while read -r line; do
        [ "$(ci_files commands | grep -cxF -- "$line")" -eq 2 ] || { echo "not in both: $line"; return 1; }
    done < <(readme_commands)
}
check "README has the commands of a gate" has_commands
check "the action and the job have them, word for word" in_both
inputs() { diff <(/usr/bin/python3 -c "
import yaml
for name in yaml.safe_load(open('examples/ci/github-workflow.yml'))['jobs']['conformance']['steps'][-1]['with']: print(name)" | sort) \
    <(printf '%s\n' baseline target); }
check "the workflow gives the action what it asks for" inputs

# What they run is run, with a target that conforms in the chosen cases, one that does not, and one whose failures are known.
mkdir -p "$work/there/build" "$work/fixtures/cases/kinds"
ln -s "$holdpoint" "$work/there/build/holdpoint"
cp -R fixtures/schema fixtures/requirements.json fixtures/vocabulary.json "$work/fixtures"
cat >"$work/fixtures/cases/kinds/small.json" <<'JSON'
{"cases": [{"id": "kinds.small", "level": "MUST", "title": "The decisions are three",
  "steps": [{"op": "describe", "args": {}, "expect": {"decisions": {"$length": 3}}, "requirement": "REQ-KIND-6"}]}]}
JSON
export HOLDPOINT_FIXTURES=$work/fixtures HOLDPOINT=$work/there NO_COLOR=1
gate() { # SCRIPT TARGET BASELINE
    (cd "$work" && TARGET=$2 BASELINE=$3 REPORTS=reports GITHUB_STEP_SUMMARY=$work/shown bash -eo pipefail -c "$1")
}
judge=$(ci_files step 'Judge the service')
for script in "$judge" "$(ci_files job)"; do
    check "what conforms passes" exits 0 gate "$script" memory ''
    check "what does not fails" exits 1 gate "$script" null:reject-all ''
    rm -f "$work/known.json"
    (cd "$work" && "$holdpoint" run --target null:reject-all --baseline known.json --update-baseline >/dev/null 2>&1)
    sed -i 's/"reason": ""/"reason": "it refuses everything"/' "$work/known.json"
    check "what is known passes" exits 0 gate "$script" null:reject-all known.json
    sed -i 's/null:reject-all/memory/' "$work/known.json"
    check "what is known and passes fails" exits 1 gate "$script" memory known.json
done
check "JUnit is where it is taken from" xmllint --noout "$work/reports/junit.xml"
check "the summary is shown" gate "$(ci_files step 'Show the summary')" memory ''
check "it is the run's" cmp "$work/shown" "$work/reports/summary.md"
tap_end
