# Sourced by upbeat and verify: finds a JDK, Maven and Chromium, and installs the ones that are missing by apt-get.
# Messages go to standard error and begin with $program.
#
# Environment:
#   JAVA_HOME        the JDK to use, else the java on the PATH, else one below /usr/lib/jvm; 17 or later
#   UPBEAT_CHROMIUM  the Chromium or Chrome that the tests of the report's page use
#   UPBEAT_INSTALL   no: install nothing; yes: install without asking
# shellcheck shell=sh

program=${program:-upbeat}
java_floor=17

say() { printf '%s: %s\n' "$program" "$*" >&2; }
die() { say "$@"; exit 1; }

# The feature version (8, 11, 17 ..) of the JDK at $1; nothing if there is none.
java_version() {
  [ -x "$1/bin/java" ] || return 0
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$1/release" 2>/dev/null || true)
  [ -n "$version" ] || version=$("$1/bin/java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p')
  printf '%s\n' "$version" | sed 's/^1\.//; s/[^0-9].*//'
}

# The home of the java on the PATH; nothing if there is none.
java_on_path() {
  if [ -x /usr/libexec/java_home ]; then # macOS: /usr/bin/java is only a stub
    /usr/libexec/java_home -v "$java_floor+" 2>/dev/null || true
  elif java=$(command -v java); then
    dirname "$(dirname "$(readlink -f "$java")")"
  fi
}

# Sets $java_home to a Java that is new enough, with a compiler if $1 is "javac". Fails and sets $java_seen if there is none.
find_java() {
  java_seen=
  for java_home in "${JAVA_HOME:-}" "$(java_on_path)" /usr/lib/jvm/*; do
    [ -n "$java_home" ] || continue
    version=$(java_version "$java_home")
    if [ -z "$version" ]; then
      [ "$java_home" = "${JAVA_HOME:-}" ] || continue
      problem="(JAVA_HOME) is not a JDK"
    elif [ "$version" -lt "$java_floor" ]; then
      problem="is Java $version"
    elif [ -n "${1:-}" ] && [ ! -x "$java_home/bin/$1" ]; then
      problem="has no compiler"
    else
      return 0
    fi
    java_seen="$java_seen; $java_home $problem"
  done
  java_seen=${java_seen:-; there is no java on the PATH}
  return 1
}

# Prints the path of the browser for the tests of the report's page; fails if there is none.
find_chromium() {
  if [ -n "${UPBEAT_CHROMIUM:-}" ]; then
    printf '%s\n' "$UPBEAT_CHROMIUM"
    return 0
  fi
  for name in chromium chromium-browser google-chrome google-chrome-stable; do
    browser=$(command -v "$name") || continue
    # A snap has a separate /tmp, so it cannot open the pages that the tests write.
    case $(readlink -f "$browser") in */snap*) continue ;; esac
    ! grep -qs /snap/ "$browser" || continue
    printf '%s\n' "$browser"
    return 0
  done
  return 1
}

distribution() { sed -n 's/^ID=//p' /etc/os-release 2>/dev/null | tr -d '"'; }

# Says why the tests of the report's page cannot run.
say_no_chromium() {
  case $(distribution) in
    ubuntu) advice="on Ubuntu it is a snap, which cannot open the tests' files: install Google Chrome" ;;
    *) advice="install it (Debian: apt-get install chromium)" ;;
  esac
  say "no Chromium, so the tests of the report's page are skipped; $advice or set UPBEAT_CHROMIUM to a browser's path"
}

packages= # packages to install ..
needs=    # .. and their purpose

need_java() {
  case $(distribution) in
    debian) package=default-jdk-headless ;; # 17 or later since Debian 12
    *) package=openjdk-17-jdk-headless ;;   # the default of older Ubuntu releases is 11
  esac
  need $package "JDK $java_floor or later (found none:${java_seen#;})"
}

need() { # PACKAGE DESCRIPTION
  packages="$packages $1"
  needs="$needs${needs:+, }$2"
}

# Installs $packages. If it may not, says what is missing and how to install it, and fails.
install_needed() {
  [ -n "$packages" ] || return 0
  admin=
  [ "$(id -u)" -eq 0 ] || admin=sudo
  by_hand="${admin:+sudo }apt-get update && ${admin:+sudo }apt-get install --no-install-recommends$packages"
  case ${UPBEAT_INSTALL:-} in
    no) refusal="UPBEAT_INSTALL=no forbids installing" ;;
    '' | yes) refusal= ;;
    *)
      say "UPBEAT_INSTALL: given $UPBEAT_INSTALL, expected yes or no"
      exit 2
      ;;
  esac
  if ! command -v apt-get >/dev/null; then
    refusal="apt-get is not available"
    by_hand="Debian, Ubuntu: $by_hand; macOS: brew install openjdk maven"
  elif [ -n "$admin" ] && ! command -v sudo >/dev/null; then
    refusal=${refusal:-you are not root and there is no sudo}
    by_hand="as root: apt-get update && apt-get install --no-install-recommends$packages"
  fi
  if [ -z "$refusal" ] && [ "${UPBEAT_INSTALL:-}" != yes ]; then
    if [ -t 0 ] && [ -t 2 ]; then
      say "missing: $needs"
      printf '%s: install them by %sapt-get:%s? [y/N] ' "$program" "${admin:+sudo }" "$packages" >&2
      read -r answer || answer=
      case $answer in
        [Yy] | [Yy][Ee][Ss]) ;;
        *)
          say "nothing was installed. By hand: $by_hand"
          return 1
          ;;
      esac
    elif [ -n "$admin" ]; then
      refusal="you are not root, and there is no terminal to ask on"
    fi
  fi
  if [ -n "$refusal" ]; then
    say "missing: $needs; not installed, because $refusal.
  By hand: $by_hand"
    return 1
  fi
  [ -z "$admin" ] || [ -t 0 ] || admin="sudo -n" # fail rather than wait for a password
  say "installing by apt-get:$packages ..."
  apt_log=$(mktemp)
  # An update that fails, as for one source of several, matters only if the installation then fails; the lock's timeout waits
  # for another apt, as on a machine that has just started.
  # shellcheck disable=SC2086  # lists of words
  if $admin /bin/sh -c 'apt-get -qq update
      DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"' \
    sh $packages </dev/null >"$apt_log" 2>&1; then
    rm -f "$apt_log"
  else
    tail -n 12 "$apt_log" >&2
    cause="its last messages are above"
    ! grep -q 'Could not get lock\|is held by' "$apt_log" || cause="another program is installing packages; try again when it is done"
    ! grep -q 'ailure resolving\|ould not resolve\|ould not connect\|nable to connect' "$apt_log" || cause="the packages' server cannot be reached; check the network"
    rm -f "$apt_log"
    die "apt-get failed: $cause.
  By hand: $by_hand"
  fi
}
