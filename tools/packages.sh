# What the build and the tests need from Debian, one list per purpose, and how it gets there.
# Sourced by ./run and ./check. An entry is a package, or COMMAND:PACKAGE where the command may
# have come from elsewhere (npm from its makers, for example).
# shellcheck shell=bash

release_name() {
    # shellcheck disable=SC1091
    (. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-unknown}") || echo unknown
}

# To build and run the server.
packages_to_build() {
    printf '%s\n' g++ meson ninja-build pkg-config libasio-dev libturbojpeg0-dev libyuv-dev libfmt-dev libspdlog-dev \
        libcli11-dev nlohmann-json3-dev libssl-dev libcrypt-dev
}

# To build the modules: drivers, and what words on pictures and clips are written with. The server
# builds without them.
packages_for_drivers() {
    printf '%s\n' libcamera-dev libcamera-ipa libcurl4-openssl-dev libopencv-dev \
        libfreetype-dev libutf8proc-dev libcctz-dev libavformat-dev
}

# For the tests of those modules: opencv's play films and pipelines, words are set in a font.
packages_to_test_drivers() {
    printf '%s\n' fonts-dejavu-core tzdata ffmpeg gstreamer1.0-plugins-base gstreamer1.0-plugins-good
}

# To build and run the unit and component tests.
packages_to_test() {
    printf '%s\n' doctest-dev ccache python3 mandoc bash-completion
}

# For the bench, which compares with io_uring too, and with motion.
packages_for_bench() {
    printf '%s\n' liburing-dev motion
}

# For the system tests: the clients that people point at a camera server; and for those of the
# installation, the shells and the reader of manuals that people have.
packages_for_clients() {
    printf '%s\n' curl ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good \
        gir1.2-gst-rtsp-server-1.0 python3-gi python3-numpy python3-pil python3-opencv \
        chromium firefox-esr node:nodejs npm:npm \
        man-db groff-base zsh fish jq
}

# For the tests beside programs of others: what stands in front of a camera server, what watches it, and
# the libraries and players with which others log in.
packages_for_others() {
    printf '%s\n' nginx haproxy caddy motion prometheus \
        python3-aiohttp python3-requests python3-httpx vlc-bin vlc-plugin-base
}

# For the virtual machine with the kernel's own cameras (tests/vm), which has the programs of this
# system; and for the kernel modules that are built for it (tests/libcamera).
packages_for_vm() {
    printf '%s\n' qemu-system-x86_64:qemu-system-x86 busybox-static kmod cpio curl \
        udev systemd v4l-utils ustreamer python3-numpy python3-pil \
        make gcc xz-utils libelf-dev
}

# For the second compiler, its sanitizers, and the reading of the source.
packages_for_clang() {
    printf '%s\n' clang-19 libclang-rt-19-dev llvm-19 clang-tidy-19
}

# For the look of the source.
packages_for_format() {
    printf '%s\n' clang-format-19 git
}

packages_for_scripts() {
    printf '%s\n' shellcheck
}

# For a Debian in a tree of its own.
packages_for_trees() {
    printf '%s\n' debootstrap git
}

# To build Debian packages in trees of their own, for other architectures too, and to judge them.
packages_for_packages() {
    packages_for_trees
    printf '%s\n' qemu-user-static iproute2 debian-archive-keyring lintian devscripts blhc piuparts reprepro gpg \
        gpg-agent python3 buildah curl
}

# To run programs of other architectures.
packages_for_emulation() {
    printf '%s\n' qemu-user-static
}

# packages_to_cross ARCH: to build, on another architecture, for ARCH, and to run the tests. Libraries are
# those of ARCH. OpenCV's are left out: with those of two architectures it does not install, and it is the
# most of what there is to install.
packages_to_cross() {
    local package
    printf '%s\n' "crossbuild-essential-$1" "pkgconf:$1"
    { packages_to_build && packages_for_drivers && packages_to_test && packages_to_test_drivers; } |
        while read -r package; do
            case "$package" in
            g++ | libopencv-dev | ffmpeg | gstreamer*) ;;
            libasio-dev | libcli11-dev) echo "$package" ;;  # headers alone
            lib*) echo "$package:$1" ;;
            *) echo "$package" ;;
            esac
        done
}

missing_packages() {
    local entry command package
    for entry in "$@"; do
        command=${entry%%:*} package=${entry##*:}
        if [[ $entry == *:* ]] && command -v "$command" >/dev/null; then
            continue
        fi
        if [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) != installed ]]; then
            echo "$package"
        fi
    done
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "This needs root, and there is no sudo. As root, run: $*" >&2
        return 1
    fi
}

# Installs those of the packages that are not there, and says so first.
install_packages() {
    local missing
    if ! command -v apt-get >/dev/null; then
        echo "This is not a Debian system: not installing, hoping that these are there: $*" >&2
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        return 0
    fi
    echo "Installing with apt: ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "${missing[@]}" >/dev/null
}
