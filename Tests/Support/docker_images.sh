# Sourced by setup.sh: makes the images that the tests run in, with no image registry.
#
#   orchestrator-sandbox-base:test   Debian by debootstrap, with the packages of the Dockerfile and this machine's
#                                    certificates and package sources, so that a build works behind a mirror or proxy
#   orchestrator-sandbox:test        deploy/environments/sandbox/Dockerfile upon it, with the real agent
# Expects: ROOT, TOOLS, CACHE, PYTHON, say, die, dockerfile_argument.

BASE_IMAGE=orchestrator-sandbox-base:test
IMAGE=orchestrator-sandbox:test
BASE_SUITE=bookworm
BASE_PACKAGES=ca-certificates,curl,git,procps,python-is-python3,python3,python3-pip,python3-venv

image_exists() {
    timeout 60 docker image inspect "$1" >/dev/null 2>&1
}

make_base_image() {
    local tarball
    tarball="$CACHE/rootfs-$BASE_SUITE-$(dpkg --print-architecture).tar"
    if image_exists "$BASE_IMAGE"; then
        say "images: $BASE_IMAGE is there"
        return
    fi
    [ -r "$tarball" ] || make_rootfs "$tarball"
    say "images: importing $BASE_IMAGE"
    timeout 300 docker import "$tarball" "$BASE_IMAGE" >/dev/null
}

# Writes a Debian root file system as a tar file, about 40 s and 350 MB.
make_rootfs() {
    local root="$TOOLS/rootfs" mirror file
    [ "$(id -u)" = 0 ] || die "debootstrap needs root"
    # The mirror that this machine itself uses, where it is a Debian of the same release.
    # shellcheck disable=SC2016 # apt-get expands it
    mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' "Codename: $BASE_SUITE" \
        'Label: Debian' 'Component: main' | head -n 1)" || mirror=""
    say "images: debootstrap $BASE_SUITE into $root (about 40 s; log: $TOOLS/debootstrap.log)"
    rm -rf "$root"
    timeout 900 debootstrap --variant=minbase --include="$BASE_PACKAGES" "$BASE_SUITE" "$root" \
        "${mirror:-http://deb.debian.org/debian}" >"$TOOLS/debootstrap.log" 2>&1 || {
        tail -n 20 "$TOOLS/debootstrap.log" >&2
        die "debootstrap failed; its last lines are above"
    }
    for file in /etc/ssl/certs/ca-certificates.crt /etc/apt/apt.conf /etc/apt/auth.conf /etc/pip.conf; do
        [ ! -r "$file" ] || cp -L "$file" "$root$file"
    done
    rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
    tar -C "$root" -cf "$1.part" .
    mv "$1.part" "$1"
    rm -rf "$root"
}

# What of this machine's way to the package registries a build needs to know; printed as build arguments.
registry_arguments() {
    local name value
    for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        [ -z "${!name:-}" ] || printf '%s\n' --build-arg "$name"
    done
    value="$("$PYTHON" -m pip config get global.index-url 2>/dev/null)" || value="${PIP_INDEX_URL:-}"
    [ -z "$value" ] || printf '%s\n' --build-arg "PIP_INDEX_URL=$value"
}

# Builds the sandbox image; Docker's own cache makes this a matter of a second when nothing changed.
make_sandbox_image() {
    local log="$TOOLS/sandbox-image.log" context="${ROOT:?}/deploy/environments/sandbox" arguments
    mapfile -t arguments < <(registry_arguments)
    say "images: building $IMAGE (log: $log)"
    timeout 900 docker build --network host --build-arg "BASE_IMAGE=$BASE_IMAGE" "${arguments[@]}" --tag "$IMAGE" \
        "$context" >"$log" 2>&1 || {
        tail -n 30 "$log" >&2
        die "docker build failed; its last lines are above, all of them in $log"
    }
    say "images: $IMAGE is there"
}
