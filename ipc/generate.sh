#!/bin/sh
# Writes the C# of every schema anew, into the Generated/ folder beside it. Needs the capnp compiler (Debian: capnproto)
# and the .NET SDK; the output is committed, so building needs neither.
set -eu
cd "$(dirname "$0")"
command -v capnp > /dev/null || { echo "generate.sh: install the capnp compiler (Debian: apt install capnproto)" >&2; exit 1; }

# The generator is built against the runtime, whose generated files it is about to write: those of the last time serve.
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
dotnet build generator -c Release -v q --nologo -o "$build" > "$build/log" 2>&1 || { cat "$build/log" >&2; exit 1; }
generator="$build/capnpc-csharp"

# generate <folder> <schema>...: all schemas of one folder at once, so that a file nobody asks for any more goes away.
generate() {
  folder=$1
  shift
  rm -rf "$folder/Generated"
  mkdir -p "$folder/Generated"
  # shellcheck disable=SC2086 # names of ours, without spaces
  capnp compile --no-standard-import -I interfaces -I runtime/Multiprocess \
    --src-prefix="$folder" -o"$generator:$folder/Generated" $(printf "$folder/%s " "$@")
}

generate runtime/Connections rpc.capnp
generate runtime/Multiprocess proxy.capnp
generate interfaces common.capnp handler.capnp echo.capnp answers.capnp rpc.capnp init.capnp feed.capnp wallet.capnp

# Schemas of tests, for what ours do not use.
generate runtime/tests/Schemas kinds.capnp results.capnp
generate interfaces/tests/Schemas journey.capnp
generate runtime/tests/Interop interop.capnp
