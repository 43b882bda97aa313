#!/bin/sh
# Sets up what is lacking on this machine, then runs the command line:
#
#     sh assessor/start.sh [--no-root] [ARGUMENTS OF assessor]
#
# The first time it also makes the command `assessor`: root in /usr/local/bin, others in ~/.local/bin.
#
# --no-root  unpacks what Debian lacks beside the checkout (.local-root) instead of installing it.
# --group NAME   also a part that is not set up at first: scale (files of many answers), cluster (Dask)
#
# tests/run.sh and .ci/run put these in front of everything else:
# --group NAME   also the tests' or another dependency group of the lock
# --debian NAME  also the Debian package NAME, where there is root
# --python       runs the Python of the set-up instead of the command line
set -eu
unset PYTHONDONTWRITEBYTECODE # without bytecode every start takes two to three times as long

case $0 in */*) here=${0%/*} ;; *) here=. ;; esac
here=$(CDPATH='' cd -- "$here/.." && pwd -P)
# keep_in FOLDER: where the set-up is kept.
keep_in() { venv=$1/.venv local_root=$1/.local-root state=$1/.venv/.set-up log=$1/.venv/.set-up/log; }
keep_in "$here"
certificates=/etc/ssl/certs/ca-certificates.crt
no_cluster=/etc/postgresql-common/createcluster.d/assessor.conf
everybodys_bin=/usr/local/bin

# --- words --------------------------------------------------------------------------------------------

case ${ASSESSOR_LANG:-${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}} in sv*) swedish=1 ;; *) swedish= ;; esac

# say ENGLISH SWEDISH: on stderr, so that stdout holds nothing but what was asked for.
say() {
    if [ "$swedish" ]; then printf '%s\n' "$2" >&2; else printf '%s\n' "$1" >&2; fi
}

# stop CODE ENGLISH SWEDISH
stop() {
    code=$1
    shift
    say "$@"
    exit "$code"
}

# quietly COMMAND: its words go to the log, and are shown only when it fails. Nobody reads our stdin.
quietly() {
    "$@" >>"$log" 2>&1 </dev/null && return 0
    tail -n 12 "$log" | sed 's/^/  | /' >&2
    return 1
}

# What was fetched and is not what was named is no fault of the network's, and trying again may not be safe.
stop_fetching() {
    ! fetched_another || stop 65 "A package that was fetched is not the one that this checkout names: its checksum differs (see above), so it was not installed. Something on the way, or where it is kept, has another file. Fetch from another network or mirror; if it differs there too, tell those who look after the package." \
        "Ett paket som hämtades är inte det som den här utcheckningen anger: dess kontrollsumma är en annan (se ovan), så det installerades inte. Något på vägen, eller där det förvaras, har en annan fil. Hämta från ett annat nät eller en annan spegel; om den är en annan även där, säg till dem som sköter paketet."
    stop 69 "Could not fetch all of it. Check the network, then give the same command again; it goes on from here." \
        "Allt gick inte att hämta. Se efter att nätet fungerar och ge sedan samma kommando igen; det fortsätter härifrån."
}

# The words of pip, uv and apt; in the log, so that nothing is asked of the network again.
fetched_another() {
    case $(cat "$log" 2>/dev/null) in
    *'DO NOT MATCH THE HASHES'* | *'Hash mismatch'* | *'Hash Sum mismatch'*) return 0 ;;
    *) return 1 ;;
    esac
}

interrupted() {
    trap '' INT TERM HUP
    say "Interrupted. The same command mends what was left half done." \
        "Avbrutet. Samma kommando lagar det som blev halvgjort."
    exit 130
}

# --- what is whole already ------------------------------------------------------------------------------

# Every part that is whole bears this key, written last: the lock, the project, the place and the Python.
read_key() {
    key=$(cksum "$here/uv.lock" "$here/pyproject.toml" && readlink -f "$venv/bin/python") || return 1
    key=$(printf '%s' "$key" | tr '\n' ' ')
}

whole() {
    [ -x "$venv/bin/python" ] && has_libraries || return 1
    read_key || return 1
    for part in base $groups; do
        stamped=$(cat "$state/whole-$part" 2>/dev/null) || return 1
        [ "$stamped" = "$key" ] || return 1
    done
    lacking_extras
    [ -z "$lacking" ]
}

# A checkout that cannot be written to (a shared drive, a stick, somebody else's) is set up in one's own data folder.
can_write() { mkdir -p "$state" 2>/dev/null && [ -w "$state" ]; }

keep_with_own_data() {
    [ "${XDG_DATA_HOME:-${HOME:-}}" ] || return 1
    kept=${XDG_DATA_HOME:-$HOME/.local/share}/assessor-set-up/$(printf '%s' "$here" | cksum | tr ' ' -)
    keep_in "$kept"
    export PYTHONPYCACHEPREFIX="$kept/bytecode"
}

# --- Debian packages ------------------------------------------------------------------------------------

has() { command -v "$1" >/dev/null 2>&1; }

on_debian() { has apt-get && has dpkg-query; }

# Looked up as files, which costs nothing; dpkg is asked only when something is to be installed.
has_libraries() {
    has apt-get || return 0
    for library in libpangoft2-1.0.so.0 libharfbuzz-subset.so.0; do
        for file in "$local_root"/usr/lib/*/"$library" /usr/lib/*/"$library" "/usr/lib/$library"; do
            [ ! -e "$file" ] || continue 2
        done
        return 1
    done
}

# lack PACKAGE...: adds those that neither the system nor .local-root has.
lack() {
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in installed) continue ;; esac
        case " $(cat "$local_root/whole" 2>/dev/null) " in *" $package "*) continue ;; esac
        lacking="$lacking $package"
    done
}

# Chromium and Java find their own files by fixed paths, so extras are never unpacked beside the checkout.
lacking_extras() {
    lacking=
    # shellcheck disable=SC2086  # a list of names
    if [ "$debian" ] && [ -z "$no_root" ] && on_debian; then lack $debian; fi
}

lacking_base() {
    if ! has uv; then # which brings certificates, and a Python
        [ -s "$certificates" ] || lack ca-certificates
        { find_python && find_pip; } || lack python3-venv
    fi
    lack libpangoft2-1.0-0 libharfbuzz-subset0
}

install_debian() {
    [ "$lacking" ] || return 0
    if [ "$no_root" ]; then unpack_debian; else
        say "Installs with apt:$lacking" "Installerar med apt:$lacking"
        as_root dpkg --configure -a || : # mends an installation that was cut off
        as_root apt-get update || say "apt could not refresh its lists; tries with those it has." \
            "apt kunde inte förnya sina listor; försöker med dem som finns."
        case "$lacking " in *" postgresql "*) keep_cluster_away ;; esac
        # shellcheck disable=SC2086  # a list of names
        as_root apt-get install -y --no-install-recommends $lacking || failed=1
        case "$lacking " in *" postgresql "*) as_root rm -f "$no_cluster" ;; esac
        case "$lacking " in *" nginx "*) keep_nginx_away ;; esac
        [ -z "$failed" ] || stop_fetching
    fi
}

# The tests start a PostgreSQL of their own; the package by itself would start one for the whole machine.
keep_cluster_away() {
    as_root sh -c "mkdir -p '${no_cluster%/*}' && echo 'create_main_cluster = false' >'$no_cluster'" || stop_fetching
}

# The tests start an nginx of their own; the package by itself starts one for the whole machine, now and at every boot.
keep_nginx_away() { ! has systemctl || as_root systemctl disable --now nginx || :; }

as_root() {
    if [ "$(id -u)" = 0 ]; then quietly env DEBIAN_FRONTEND=noninteractive "$@" 9>&-; else
        quietly sudo DEBIAN_FRONTEND=noninteractive "$@" 9>&-
    fi
}

can_be_root() { [ "$(id -u)" = 0 ] || { has sudo && { [ -t 2 ] || sudo -n true 2>/dev/null; }; }; }

unpack_debian() {
    say "Fetches with apt and unpacks in $local_root, without root:$lacking" \
        "Hämtar med apt och packar upp i $local_root, utan root:$lacking"
    wanted="$(cat "$local_root/whole" 2>/dev/null || :)$lacking"
    rm -rf "$local_root"
    mkdir -p "$local_root/apt/lists/partial" "$local_root/apt/archives/partial"
    quietly own_apt update || stop_fetching
    # shellcheck disable=SC2086  # a list of names
    quietly own_apt install -y --no-install-recommends --download-only $wanted || stop_fetching
    for package in "$local_root"/apt/archives/*.deb; do
        case ${package##*/} in libc6_* | libc-bin_*) continue ;; esac # the loader in use is the system's
        quietly dpkg-deb -x "$package" "$local_root" || stop_fetching
    done
    rm -rf "$local_root/apt"
    gather_certificates
    gather_fonts
    printf '%s' "$wanted " >"$local_root/whole"
}

# apt with lists and archives of its own, which needs no root.
own_apt() {
    apt-get -o Dir::State::Lists="$local_root/apt/lists" -o Dir::Cache="$local_root/apt" -o APT::Sandbox::User= \
        -o Debug::NoLocking=true "$@"
}

gather_certificates() {
    for certificate in "$local_root"/usr/share/ca-certificates/*/*.crt /usr/local/share/ca-certificates/*.crt; do
        [ ! -f "$certificate" ] || cat "$certificate"
    done >"$local_root/certificates.crt"
}

gather_fonts() {
    printf '%s\n' '<?xml version="1.0"?><fontconfig>' "<dir>$local_root/usr/share/fonts</dir>" '<dir>/usr/share/fonts</dir>' \
        "<include ignore_missing=\"yes\">$local_root/etc/fonts/conf.d</include>" '</fontconfig>' >"$local_root/fonts.conf"
}

use_local_root() {
    [ -f "$local_root/whole" ] || return 0
    for folder in "$local_root"/usr/lib/*-linux-* "$local_root"/lib/*-linux-*; do
        [ ! -d "$folder" ] || LD_LIBRARY_PATH=$folder${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    done
    export LD_LIBRARY_PATH PATH="$PATH:$local_root/usr/bin"
    [ -f /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="${FONTCONFIG_FILE:-$local_root/fonts.conf}"
    [ -s "$certificates" ] || [ "${PIP_CERT:-}" ] || export PIP_CERT="$local_root/certificates.crt"
}

# --- other systems --------------------------------------------------------------------------------------

need_elsewhere() {
    { has uv || { find_python && find_pip; }; } && has_pango && return 0
    if has brew; then command="brew install python pango"
    elif has dnf; then command="sudo dnf install python3 pango harfbuzz"
    elif has apk; then command="sudo apk add python3 pango so:libharfbuzz-subset.so.0"
    elif has pacman; then command="sudo pacman -S python pango harfbuzz"
    elif has zypper; then command="sudo zypper install python3 libpango-1_0-0 libharfbuzz-subset0"
    else
        stop 69 "Lacking: Python 3.11 or newer with venv and pip, Pango 1.44 or newer and HarfBuzz. Install them, then give the same command again." \
            "Här saknas Python 3.11 eller nyare med venv och pip, Pango 1.44 eller nyare och HarfBuzz. Installera dem och ge sedan samma kommando igen."
    fi
    stop 69 "Lacking: Python 3.11 or newer, or Pango. Install them, then give the same command again:
  $command" "Här saknas Python 3.11 eller nyare, eller Pango. Installera dem och ge sedan samma kommando igen:
  $command"
}

has_pango() {
    find_python || return 0 # uv brings a Python; what it lacks, assessor doctor tells
    "$python" -c 'import ctypes, ctypes.util, sys
def found(*names):
    for name in filter(None, (*names, ctypes.util.find_library(names[0]))):
        try: return ctypes.CDLL(name)
        except OSError: pass
sys.exit(not found("pangoft2-1.0", "libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"))' 2>/dev/null
}

# --- Python ---------------------------------------------------------------------------------------------

find_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
        python=$(command -v "$python" 2>/dev/null) || continue
        "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return 0
    done
    return 1
}

# Debian keeps pip as a wheel, which runs as it lies; elsewhere ensurepip carries one.
find_pip() {
    for pip in "$local_root"/usr/share/python-wheels/pip-*.whl /usr/share/python-wheels/pip-*.whl; do
        [ ! -f "$pip" ] || return 0
    done
    pip=$("$python" -c 'import ensurepip, pathlib
print(*pathlib.Path(ensurepip.__file__).parent.glob("_bundled/pip-*.whl"))' 2>/dev/null) && [ -f "$pip" ]
}

make_venv() {
    if has uv && with_uv; then return 0; fi
    { find_python && find_pip; } || stop 69 "Lacking: Python 3.11 or newer with venv and pip. Where apt has it: sudo apt-get install python3.11-venv" \
        "Här saknas Python 3.11 eller nyare med venv och pip. Där apt har det: sudo apt-get install python3.11-venv"
    with_pip || stop_fetching
}

with_uv() {
    [ -x "$venv/bin/python" ] || quietly uv venv --allow-existing --python '>=3.11' "$venv" || return 1
    set -- --project "$here" --frozen --inexact --no-install-project --compile-bytecode
    for group in $groups; do set -- "$@" --group "$group"; done
    UV_PROJECT_ENVIRONMENT=$venv quietly uv sync "$@"
}

with_pip() {
    [ -x "$venv/bin/python" ] || quietly "$python" -m venv --without-pip "$venv" || return 1
    # shellcheck disable=SC2086  # a list of names
    "$venv/bin/python" -I "$here/assessor/setup/requirements.py" "$here/uv.lock" $groups >"$state/requirements.txt" || return 1
    [ -s "$certificates" ] || [ ! -s "$local_root/certificates.crt" ] || point_pip_at_certificates || return 1
    PYTHONPATH=$pip quietly "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --no-user \
        --no-compile --no-deps --require-hashes --quiet -r "$state/requirements.txt" || return 1
    compile "$venv/lib"
}

# Debian's pip reads a fixed file of certificates, which root alone can make.
point_pip_at_certificates() {
    quietly "$venv/bin/python" -c 'import pathlib, sys, zipfile
wheel, root, fixed = sys.argv[1:]
zipfile.ZipFile(wheel).extractall(f"{root}/pip")
core = pathlib.Path(root, "pip/pip/_vendor/certifi/core.py")
core.write_text(core.read_text("utf-8").replace(repr(fixed)[1:-1], f"{root}/certificates.crt"), "utf-8")' "$pip" "$local_root" "$certificates" && pip=$local_root/pip
}

# The checkout itself is on the path, not a copy of it: what is pulled is what runs.
add_project() {
    site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    printf '%s\n' "$here" >"$site/assessor-checkout.pth"
    printf '%s\n' "#!$venv/bin/python" 'import sys' 'from assessor.__main__ import main' \
        'if __name__ == "__main__": sys.exit(main())' \
        >"$venv/bin/assessor"
    chmod +x "$venv/bin/assessor"
    compile "$here/assessor"
}

# With every core where processes may share memory. A package may carry code for other Pythons, so failing is no fault.
compile() {
    for cores in 0 1; do
        "$venv/bin/python" -m compileall -q -j "$cores" "$1" >>"$log" 2>&1 </dev/null && return 0
    done
    return 0
}

# --- the set-up -----------------------------------------------------------------------------------------

# One at a time: the lock goes with its process, and with what that process left running.
take_turn() {
    can_write || stop 73 "Cannot write in $venv. Set XDG_DATA_HOME to a folder where you may write, then give the same command again." \
        "Det går inte att skriva i $venv. Låt XDG_DATA_HOME vara en mapp där du får skriva och ge sedan samma kommando igen."
    if has flock; then
        exec 9>"$state/lock"
        flock -n 9 || { say "Another start is setting up; waits for it." "En annan start gör i ordning; väntar på den." && flock 9; }
    else
        until mkdir "$state/turn" 2>/dev/null; do
            kill -0 "$(cat "$state/turn/pid" 2>/dev/null)" 2>/dev/null || { rm -rf "$state/turn" && continue; }
            sleep 1
        done
        printf '%s\n' $$ >"$state/turn/pid"
    fi
}

give_turn() {
    rm -rf "$state/turn"
    exec 9>&-
}

# A set-up that was cut off may have left half a package, which pip would take for a whole one.
clear_half_done() {
    [ -e "$state/under-way" ] || [ ! -x "$venv/bin/python" ] || return 0
    for left in "$venv"/* "$venv"/.[!.]*; do
        [ "$left" = "$state" ] || rm -rf "$left"
    done
    rm -f "$state"/whole-*
}

set_up() {
    began=$(date +%s)
    : >"$log"
    can_be_root || no_root=1
    lacking_extras
    if on_debian; then lacking_base; else need_elsewhere; fi
    install_debian
    use_local_root
    say "Makes the Python environment in $venv from uv.lock (about a minute the first time)." \
        "Gör i ordning Python-miljön i $venv enligt uv.lock (ungefär en minut första gången)."
    clear_half_done
    : >"$state/under-way"
    make_venv
    add_project
    read_key
    for part in base $groups; do printf '%s' "$key" >"$state/whole-$part"; done
    rm -f "$state/under-way"
    say "Ready after $(($(date +%s) - began)) s." "Klart efter $(($(date +%s) - began)) s."
}

# --- the command ----------------------------------------------------------------------------------------

# Once for a checkout, so that who takes the command away is rid of it; never over a file that is another's,
# nor before it on the path.
make_command() {
    [ -w "$state" ] || return 0 # somebody else set this checkout up, and was told
    true >"$state/command"
    choose_bin || return 0
    other=$(command -v assessor 2>/dev/null) || other=$bin/assessor
    case $other in "$here"/*) other=$bin/assessor ;; esac # an environment that is switched on
    for file in "$bin/assessor" "$other"; do
        [ ! -e "$file" ] || ours "$file" || { say_taken "$file" && return 0; }
    done
    [ "$(started_by "$other")" != "$here" ] || return 0
    write_command 2>/dev/null || return 0
    say_made
}

choose_bin() {
    if [ "$(id -u)" = 0 ] && [ -z "$no_root" ]; then bin=$everybodys_bin; else
        [ "${HOME:-}" ] || return 1
        bin=$HOME/.local/bin
    fi
}

# ours FILE: made by this checkout, or by one that is gone.
ours() {
    checkout=$(started_by "$1")
    [ "$checkout" ] && { [ "$checkout" = "$here" ] || [ ! -f "$checkout/assessor/start.sh" ]; }
}

# started_by FILE: the checkout that a command of ours starts.
started_by() { sed -n '2s/^# Starts the assessor in //p' "$1" 2>/dev/null || :; }

write_command() {
    quoted="'$(printf '%s' "$here/assessor/start.sh" | sed "s/'/'\\\\''/g")'"
    mkdir -p "$bin" && cat >"$bin/.assessor.$$" <<END && chmod 755 "$bin/.assessor.$$" && mv -f "$bin/.assessor.$$" "$bin/assessor"
#!/bin/sh
# Starts the assessor in $here
# Made by its start.sh. Whoever removes this file takes the command away, and nothing else.
start=$quoted
[ -f "\$start" ] || { echo "assessor: \$start is gone; fetch the checkout anew, or remove \$0" >&2; exit 69; }
export ASSESSOR_COMMAND=assessor
exec sh "\$start" "\$@"
END
}

say_made() {
    if [ "$(command -v assessor 2>/dev/null)" = "$bin/assessor" ]; then
        say "From now on it is enough to type: assessor (made in $bin; remove that file to be rid of the command)" \
            "Från och med nu räcker det att skriva: assessor (gjort i $bin; ta bort den filen för att bli av med kommandot)"
    else
        say "The command assessor is made in $bin, where this terminal does not look. A line for ~/.profile, or to type here:
  export PATH=\"$bin:\$PATH\"" "Kommandot assessor är gjort i $bin, där den här terminalen inte letar. En rad för ~/.profile, eller att skriva här:
  export PATH=\"$bin:\$PATH\""
    fi
}

say_taken() {
    say "$1 is another program or another checkout and was left as it is; here, go on with: $typed" \
        "$1 är ett annat program eller en annan utcheckning och lämnades som det är; fortsätt här med: $typed"
}

no_root=${ASSESSOR_NO_ROOT:-} groups='' debian='' run_python='' lacking='' failed=''
while [ $# -gt 0 ]; do
    case $1 in
    --no-root) no_root=1 ;;
    --group) groups="$groups $2" && shift ;;
    --debian) debian="$debian $2" && shift ;;
    --python) run_python=1 ;;
    *) break ;;
    esac
    shift
done

# Who names a server also needs what speaks to it.
case "${ASSESSOR_STORE:-} $*" in *postgres*://*) groups="$groups postgresql" ;; esac

use_local_root
if ! whole && ! can_write && keep_with_own_data; then use_local_root; fi
if ! whole; then
    trap interrupted INT TERM HUP
    take_turn
    whole || set_up
    give_turn
    trap - INT TERM HUP
fi

if [ -z "$run_python" ]; then
    set -- "$venv/bin/assessor" "$@"
    # What the messages tell people to type.
    case $0 in *[!A-Za-z0-9_./-]*) typed="sh '$0'" ;; *) typed="sh $0" ;; esac
    [ -e "$state/command" ] || make_command
    export ASSESSOR_COMMAND="${ASSESSOR_COMMAND:-$typed}"
fi
exec "$venv/bin/python" "$@"
