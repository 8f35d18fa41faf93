# What run.sh and test.sh share: find the SDK, install what is missing, build. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bin="$root/artifacts/bin"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=1

say()  { printf '%s\n' "$*"; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# A clock for steps: seconds with one decimal since $1 (a value of now_ms).
now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo $((t / 1000)); }
since()  { local ms=$(( $(now_ms) - $1 )); printf '%d.%01ds' $((ms / 1000)) $((ms % 1000 / 100)); }

need_sdk() {
    command -v dotnet >/dev/null || fail "the .NET 10 SDK is missing: install the package dotnet-sdk-10.0, so that 'dotnet --version' prints 10.0.x"
    case "$(cd "$root" && dotnet --version 2>/dev/null)" in
        10.*) ;;
        *) fail "the .NET 10 SDK is missing: 'dotnet --version' must print 10.0.x" ;;
    esac
}

has_library() { ldconfig -p 2>/dev/null | grep -q "$1" || /sbin/ldconfig -p 2>/dev/null | grep -q "$1"; }

# need_packages PACKAGE:PROBE…  where PROBE is a library's file name, a path, or "command NAME" with a dash for the blank.
need_packages() {
    local missing=() item package probe
    for item in "$@"; do
        package=${item%%:*}; probe=${item#*:}
        case "$probe" in
            command-*) command -v "${probe#command-}" >/dev/null || missing+=("$package") ;;
            /*) [ -e "$probe" ] || missing+=("$package") ;;
            *) has_library "$probe" || missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if ! command -v apt-get >/dev/null; then
        fail "missing native packages, install them with your system's package manager (Debian's names): ${missing[*]}"
    fi
    local sudo=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "missing native packages; as root run: apt-get install ${missing[*]}"
        sudo="sudo"
    fi
    say "installing ${missing[*]} …"
    { $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" ||
      { $sudo apt-get update -qq && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; }; } >/dev/null 2>&1 ||
        fail "could not install ${missing[*]}; install them by hand (apt-get install ${missing[*]})"
}

need_native() { need_packages libsecp256k1-1:libsecp256k1.so.1 libleveldb1d:libleveldb.so.1d; }

# What only tests need: ZeroMQ, which the node loads when -zmqpub… is given.
need_test_native() { need_packages capnproto:command-capnp libzmq5:libzmq.so.5; }

# The linker that native programs are put together with.
need_linker() { need_packages gcc:command-gcc libc6-dev:/usr/include/stdio.h; }

publish() {
    (cd "$root" && dotnet publish "$1.csproj" -c Release --use-current-runtime -o "$bin" --nologo -v quiet "${@:2}") > "$root/artifacts/build.log" 2>&1
}

publish_failed() { tail -n 30 "$root/artifacts/build.log" >&2; fail "the build of $1 failed (whole output: artifacts/build.log)"; }

# The three programs, ready to run by name, side by side in artifacts/bin: native ones, which start in a tenth of the time and take half
# the memory. QUICK_BUILD=1, for those who change them often, and a system that there is no native compiler package for get programs
# that need the .NET runtime.
build_programs() {
    local started project quick=${QUICK_BUILD:-}; started=$(now_ms)
    mkdir -p "$root/artifacts"
    if [ -z "$quick" ]; then
        need_linker
        say "building dash-node, dash-wallet, dash-cli (Release, native) into artifacts/bin …"
        [ ! -e "$bin/dash-node.dll" ] || rm -rf "$bin"
        for project in node/dash-node wallet-server/dash-wallet cli/dash-cli; do
            publish "$project" -p:PublishAot=true -p:CopyOutputSymbolsToPublishDirectory=false && continue
            grep -qE 'NU110[0-3].*ILCompiler' "$root/artifacts/build.log" || publish_failed "$project"
            say "no native compiler package for this system: the programs will need the .NET runtime"
            quick=1; break
        done
    fi
    if [ -n "$quick" ]; then
        say "building dash-node, dash-wallet, dash-cli (Release) into artifacts/bin …"
        for project in node/dash-node wallet-server/dash-wallet cli/dash-cli; do
            publish "$project" --no-self-contained -p:PublishReadyToRun=true || publish_failed "$project"
        done
    fi
    say "built in $(since "$started")"
}
