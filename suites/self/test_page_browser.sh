#!/usr/bin/env bash
# The page of a run in headless Chromium: at the widths of a phone and of a screen, in light and dark, with scripts and
# without, searched, printed. What no run here brings about, hostile texts and dead targets, comes from the golden reports.
set -u
cd "$(dirname "$0")/../.." || exit 2
. suites/self/tap.sh
holdpoint=${HOLDPOINT:-build/holdpoint}
mkdir -p "${HOLDPOINT_BUILD:-build}"
work=$(mktemp -d "${HOLDPOINT_BUILD:-build}/page-XXXXXX")
trap 'rm -rf "$work"' EXIT

golden=suites/self/golden/report
for sample in mixed hostile matrix parity down; do
    check "a page is made of the sample $sample" \
        "$holdpoint" report $golden/$sample.ndjson --output "$work/$sample.html"
done
run() {
    "$holdpoint" run --target memory --target mutant:falls-back-to-a-kind --target mutant:reads-a-loose-offset \
        --target null:accept-all --target null:echo --target "stdio:$holdpoint adapter memory" --filter kinds --filter users \
        --filter lifecycle --report-dir "$work/run" >"$work/said"
    [ $? -eq 1 ] || {
        tail -5 "$work/said"
        return 1
    }
    mv "$work/run/report.html" "$work/run.html"
}
check "six targets are run" run

# The tests must be able to fail: pages with one thing wrong each.
spoil() { # NAME SED-SCRIPT
    sed "$2" "$work/mixed.html" >"$work/$1.html"
    ! cmp -s "$work/mixed.html" "$work/$1.html"
}
check "a page is made too wide" spoil wide 's/^body{/body{min-width:1500px;/'
check "a page is made to fetch" spoil fetching "s|<main>|<main><img src=x.png>|; s/default-src 'none'/default-src */"
check "a page gets another script" spoil scripted 's|<main>|<main><script>alert(1)</script>|'
check "a filter is made to do nothing" spoil unfiltered 's/hit.hidden = !shown/hit.title = shown/'
check "links are made to lead nowhere" spoil unlinked 's/<div class="body" id="f-/<div class="body" id="g-/'

# One browser for all: its start takes longer than all that it is shown.
(cd "$work" && python3 "$OLDPWD/suites/self/look_at_page.py" --search REQ -- \
    {mixed,hostile,matrix,parity,down,run,wide,fetching,scripted,unfiltered,unlinked}.html >seen)
says() { # NAME TEXT: what was seen of the page ends so; or holds it
    awk -v page="$1.html: " 'index($0, page) == 1 { print seen $0; found = 1 } { seen = seen $0 "\n" }
        /\.html: / { seen = "" } END { exit !found }' "$work/seen" >"$work/said"
    grep -q "$2" "$work/said" || {
        cat "$work/said"
        return 1
    }
}
for page in mixed hostile matrix parity down run; do
    check "a person can read the page $page" says $page "^$page.html: good"
done
check "a page that is too wide is noticed" says wide 'too wide'
check "a page that fetches is noticed" says fetching 'fetched'
check "a script of somebody else is noticed" says scripted 'another script'
check "a filter that does nothing is noticed" says unfiltered 'shows or hides wrongly'
check "findings that no link opens are noticed" says unlinked 'does not open it'
tap_end
