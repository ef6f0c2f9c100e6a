#!/bin/sh
# Have Chromium for the browser tests: Debian's, when we may install it.
set -u
command -v chromium >/dev/null && exit 0

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
    echo "Installing Chromium for the browser tests."
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get -qq update >/dev/null &&
        as_root apt-get -qq install -y --no-install-recommends chromium >/dev/null 2>&1
fi
command -v chromium >/dev/null || echo "Chromium is missing: tests in a browser will fail." >&2
exit 0
