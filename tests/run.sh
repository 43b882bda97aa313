#!/bin/sh
# Everything the tests need, where it is lacking, then pytest: sh tests/run.sh [--no-root] [ARGUMENTS OF pytest]
#
# Without arguments the whole suite runs on two processes. Where Debian packages cannot be installed
# (no root, another system), the tests that need Java, Poppler, PostgreSQL, qpdf or a compiler say so and are passed over.
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd -P)

no_root=
if [ "${1:-}" = --no-root ]; then
    no_root=1
    shift
fi
[ $# -gt 0 ] || set -- -n 2

cd "$here"
ASSESSOR_NO_ROOT=${no_root:-${ASSESSOR_NO_ROOT:-}}
export ASSESSOR_NO_ROOT
exec sh assessor/start.sh --group test \
    --debian chromium --debian default-jre-headless --debian libjaxb-java --debian poppler-utils --debian postgresql --debian qpdf --debian gcc --debian libc6-dev \
    --python -m pytest "$@"
