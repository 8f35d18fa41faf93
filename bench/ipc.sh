#!/usr/bin/env bash
# Calls a second over a unix socket, ours and the C++ library's, every pairing of them, on this machine in one run:
# echo of 32 bytes one at a time, of 32 bytes with 64 in flight, of 100 kB one at a time.
#   bench/ipc.sh [seconds-scale]     more than 1 for longer runs
set -eu
cd "$(dirname "$0")/.."
scale=${1:-1}
ours=artifacts/build/bin/Dash.Ipc.Tests/release/Dash.Ipc.Tests
[ -x "$ours" ] || dotnet build -c Release --nologo -v quiet ipc/runtime/tests
# The tests build the other program; one of them is enough for that.
theirs=$(ls -t artifacts/interop/*/interop 2>/dev/null | head -n 1)
if [ -z "$theirs" ]; then
    "$ours" -noLogo -method "*Leaving_in_order_is_taken_in_order" > /dev/null || true
    theirs=$(ls -t artifacts/interop/*/interop 2>/dev/null | head -n 1)
fi
[ -n "$theirs" ] || { echo "bench/ipc.sh: the C++ program was not built (Debian: apt install libcapnp-dev g++)" >&2; exit 1; }

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# measure NAME CLIENT SERVER BYTES IN-FLIGHT CALLS
measure() {
    local socket="$folder/$RANDOM.sock" calls out
    calls=$(($6 * scale))
    mkfifo "$folder/hold"
    "$3" server "$socket" < "$folder/hold" > /dev/null &
    local server=$!
    exec 7> "$folder/hold"
    until [ -S "$socket" ]; do sleep 0.05; done
    # Once for warmth, once for the number: a server compiles what it is asked.
    "$2" bench "$socket" "$4" "$5" "$calls" > /dev/null
    out=$("$2" bench "$socket" "$4" "$5" "$calls")
    exec 7>&-
    wait "$server"
    rm -f "$folder/hold"
    awk -v name="$1" -v calls="$calls" '{ printf "%-28s %9.0f calls/s %s\n", name, calls / $1, ($2 != "" ? $2 " bytes allocated a call" : "") }' <<< "$out"
}

for shape in "32 1 20000" "32 64 200000" "100000 1 5000"; do
    read -r bytes flight calls <<< "$shape"
    echo "echo of $bytes bytes, $flight in flight"
    measure "  C++ calls C++" "$theirs" "$theirs" "$bytes" "$flight" "$calls"
    measure "  C# calls C#" "$ours" "$ours" "$bytes" "$flight" "$calls"
    measure "  C# calls C++" "$ours" "$theirs" "$bytes" "$flight" "$calls"
    measure "  C++ calls C#" "$theirs" "$ours" "$bytes" "$flight" "$calls"
done
