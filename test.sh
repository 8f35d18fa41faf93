#!/usr/bin/env bash
# Every test of the repository. Last line: tests: N passed, N failed, N skipped
#   ./test.sh            all
#   ./test.sh NAME…      only the test projects whose name contains one of the words
set -u
. "$(dirname "$0")/eng/lib.sh"
cd "$root" || exit 1

need_sdk
need_native
need_test_native

results="$root/artifacts/test-results"
rm -rf "$results"; mkdir -p "$results"
failed_steps=()

build_programs
say "building the tests …"
dotnet build Dash.WalletRpc.sln -c Release --nologo -v quiet > artifacts/build.log 2>&1 ||
    { grep -E 'error|warn' artifacts/build.log | sort -u | head -n 40 >&2; fail "the build failed (whole output: artifacts/build.log)"; }

# Generated code is what the generator writes today.
if [ $# -eq 0 ]; then
    before=$(find ipc -path '*/Generated/*' -type f -exec sha256sum {} + | sort)
    if ./ipc/generate.sh > artifacts/generate.log 2>&1 && [ "$before" = "$(find ipc -path '*/Generated/*' -type f -exec sha256sum {} + | sort)" ]; then
        say "generated code is current"
    else
        tail -n 5 artifacts/generate.log >&2
        say "FAILED: ipc/generate.sh changes committed files"; failed_steps+=(generate)
    fi
fi

passed=0 failed=0 skipped=0
wanted() { local w; [ $# -eq 1 ] && return 0; for w in "${@:2}"; do case "$1" in *"$w"*) return 0 ;; esac; done; return 1; }

# A test project is a program; it prints its own summary, the counts come from its xml report.
for project in $(git ls-files '*.csproj' 2>/dev/null | grep -E '(^|/)tests/|^rpc-tests/|^functional/'); do
    name=$(basename "$project" .csproj)
    wanted "$name" "$@" || continue
    started=$(now_ms)
    report="$results/$name.xml"
    program="$root/artifacts/build/bin/$name/release/$name"
    timeout 1200 "$program" -xml "$report" -noLogo -noColor > "$results/$name.log" 2>&1
    code=$?
    counts=$(grep -o '<assembly [^>]*>' "$report" 2>/dev/null | head -n 1)
    count() { printf '%s' "$counts" | grep -o " $1=\"[0-9]*\"" | grep -o '[0-9]*'; }
    p=$(count passed); f=$(count failed); s=$(count skipped); e=$(count errors)
    if [ -z "$counts" ]; then f=1; p=0; s=0; e=0; fi
    [ "$code" -ne 0 ] && [ "$((f + ${e:-0}))" -eq 0 ] && f=1
    passed=$((passed + p)); failed=$((failed + f + ${e:-0})); skipped=$((skipped + s))
    say "$(printf '%-28s %5d passed %3d failed %3d skipped  %s' "$name" "$p" "$((f + ${e:-0}))" "$s" "$(since "$started")")"
    if [ "$((f + ${e:-0}))" -gt 0 ]; then
        grep -v -E '^\s*$' "$results/$name.log" | tail -n 120
    fi
    [ "$s" -gt 0 ] && grep -E '\[SKIP\]' -A1 "$results/$name.log" | grep -v '^--' | head -n 20
done

failed=$((failed + ${#failed_steps[@]}))
say ""
say "tests: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
