#!/bin/sh
# Everything the tests need, where it is lacking, then pytest:
#
#     sh tests/run.sh [--no-root] [--quick | --full] [ARGUMENTS OF pytest]
#
# Without arguments the whole suite runs on two processes. --quick runs what is tested without any other program (core,
# bank, presentation, exchange) in less than a minute; --full runs the heavy tests too, with more examples, in less than
# an hour. Where Debian packages cannot be installed (no root, another system), the tests that need Java, Poppler,
# PostgreSQL, qpdf, LibreOffice, nginx or a compiler say so and are passed over.
set -eu

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd -P)

no_root=
if [ "${1:-}" = --no-root ]; then
    no_root=1
    shift
fi
cd "$here"
ASSESSOR_NO_ROOT=${no_root:-${ASSESSOR_NO_ROOT:-}}
export ASSESSOR_NO_ROOT

only_full=
case ${1:-} in
--quick)
    shift
    HYPOTHESIS_PROFILE=${HYPOTHESIS_PROFILE:-quick}
    export HYPOTHESIS_PROFILE
    # The folders are named so that the others are not even read.
    exec sh assessor/start.sh --group test --python -m pytest \
        -n 2 -m quick tests/bank tests/core tests/exchange tests/presentation "$@"
    ;;
--full)
    shift
    HYPOTHESIS_PROFILE=${HYPOTHESIS_PROFILE:-full}
    export HYPOTHESIS_PROFILE
    only_full='--debian libreoffice-writer-nogui --debian nginx --debian firefox-esr'
    set -- -n 2 -m 'not campaign and not benchmark' "$@"
    ;;
'') set -- -n 2 ;;
esac
# shellcheck disable=SC2086  # options and their values
exec sh assessor/start.sh --group test $only_full \
    --debian chromium --debian default-jre-headless --debian libjaxb-java --debian poppler-utils --debian postgresql --debian qpdf --debian gcc --debian libc6-dev \
    --python -m pytest "$@"
