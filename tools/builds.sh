# How the tree is configured and compiled. Sourced by ./check, ./run and tools/debian-tree.sh.
# shellcheck shell=bash

# So that ccache keeps what was compiled with a precompiled header (its manual, "Precompiled headers").
export CCACHE_SLOPPINESS=pch_defines,time_macros

# configure FOLDER OPTION...: meson setup, or nothing when FOLDER was configured with the same
# options before (ninja then reconfigures by itself when a meson.build changed).
configure() {
    local folder=$1 wanted
    shift
    wanted="$* CC=${CC:-} CXX=${CXX:-}"
    if [[ -e $folder/build.ninja && $(cat "$folder/.configured" 2>/dev/null) == "$wanted" ]]; then
        return 0
    fi
    rm -rf "$folder"
    if ! meson setup "$folder" "$@"; then
        rm -rf "$folder"
        return 1
    fi
    echo "$wanted" >"$folder/.configured"
}

# compile FOLDER COMPILER TARGET OPTION...: configures with warnings as errors, and builds the target.
# COMPILER is gcc for what the system calls its compiler, or clang.
compile() {
    local folder=$1 compiler=$2 target=$3
    shift 3
    if [[ $compiler == clang ]]; then
        local -x CC CXX
        CC=$(maybe_ccache clang-19) CXX=$(maybe_ccache clang++-19)
    fi
    configure "$folder" -Dwerror=true "$@" && ninja -C "$folder" "$target"
}

maybe_ccache() {
    if command -v ccache >/dev/null; then
        echo "ccache $1"
    else
        echo "$1"
    fi
}

# project_version: of this tree. meson.build alone says it; tools/release.sh looks that others repeat it.
project_version() {
    sed -n "s/^  version: '\(.*\)',\$/\1/p; /^)/q" meson.build
}
