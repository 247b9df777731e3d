#!/bin/bash
# setup.sh GOAL: installs what GOAL needs on a fresh Debian or Ubuntu machine
# that has Go, and says what and why. Does nothing, quickly, when nothing is
# missing.
#
#   run-headless   the demo in a terminal: Go alone
#   run            tray and windows: a C compiler and the headers that Fyne needs
#   test           all of that, and the desktop, browser and provider of the tests
#   bench          all of that, and the programs that Keyfob is measured beside
#
# Things are looked for, not packages, so that a machine which got them in
# another way is left alone. Packages are alternatives; "-" stands for none, where
# it also goes without.
set -euo pipefail
cd "$(dirname "$0")/.."

goal=${1:-}
case $goal in
run-headless | run | test | bench) ;;
*)
	echo "usage: .ci/setup.sh run-headless|run|test|bench" >&2
	exit 2
	;;
esac

say() { echo "setup: $*" >&2; }

if ! command -v go >/dev/null; then
	say "Go is not installed: get it from your distribution or from go.dev"
	exit 1
fi
if [ "$goal" = run-headless ] || [ "$(uname -s)" != Linux ]; then
	exit 0
fi

# What each goal needs: how to tell that it is there | Debian package, or
# several to choose from | what for.
build_needs='
command clang          | clang              | compiles Fyne three times as fast as gcc
command pkg-config     | pkg-config         | finds the headers
header stdio.h         | libc6-dev          | C headers
pkgconfig gl           | libgl-dev          | Fyne draws with OpenGL
pkgconfig xcursor      | libxcursor-dev     | Fyne: pointer shapes
pkgconfig xrandr       | libxrandr-dev      | Fyne: screens
pkgconfig xinerama     | libxinerama-dev    | Fyne: several screens
pkgconfig xi           | libxi-dev          | Fyne: keyboard and pointer
pkgconfig xxf86vm      | libxxf86vm-dev     | Fyne: screen modes
'
test_needs='
command Xvfb           | xvfb               | a screen without a screen
command dbus-daemon    | dbus               | a session bus of its own (not dbus-x11, which starts strays)
command gnome-keyring-daemon | gnome-keyring | a real keychain
command keepassxc      | keepassxc          | another one, which asks about each item
command kwalletd5      | libkf5wallet-bin   | a third one, of KDE
command openbox        | openbox            | a real window manager
command xfce4-panel    | xfce4-panel        | a real panel that shows tray icons
command lxqt-panel     | lxqt-panel         | another one, drawn by Qt
file /usr/share/dbus-1/services/org.xfce.xfce4-notifyd.Notifications.service | xfce4-notifyd | a notification server that draws buttons
command dunst          | dunst              | a real notification server
command xdotool        | xdotool            | finds windows and presses keys
command xclip          | xclip              | reads the clipboard
command xfce4-clipman  | xfce4-clipman      | a clipboard manager that brings the last text back
command parcellite     | parcellite -       | another one, which looks now and then
command copyq          | copyq              | a third one, drawn by Qt
command sway           | sway               | a Wayland desktop without a screen
command Xwayland       | xwayland           | its X server
command wl-paste       | wl-clipboard       | reads its clipboard
command curl           | curl               | calls an API with a token, as the README does
command desktop-file-validate | desktop-file-utils | judges the desktop entries
command gio            | libglib2.0-bin     | starts a desktop entry as desktops do
browser                | chromium chromium-browser | a real browser for the sign-in
command fc-list        | fontconfig         | fonts
font                   | fonts-dejavu-core  | text in screenshots
file /etc/ssl/certs/ca-certificates.crt | ca-certificates | npm speaks https
node                   | nodejs             | runs the test provider
command npm            | npm                | installs the test provider
python oauth2_provider | python3-django-oauth-toolkit | a second real provider
'

bench_needs='
command git            | git -              | its cache of credentials does the same as keyfob token
command oidc-token     | oidc-agent-cli -   | and so does this one
'

# The oldest Node.js that the test provider runs on.
min_node=20

node_major() {
	local version
	version=$("$1" --version 2>/dev/null) || return 1
	version=${version#v}
	echo "${version%%.*}"
}

there() {
	case $1 in
	command) command -v "$2" >/dev/null ;;
	header) [ -e "/usr/include/$2" ] ;;
	pkgconfig) command -v pkg-config >/dev/null && pkg-config --exists "$2" ;;
	file) [ -e "$2" ] ;;
	font) command -v fc-list >/dev/null && [ -n "$(fc-list : family | head -n 1)" ] ;;
	node) command -v node >/dev/null ;;
	python)
		local p
		for p in python3 /usr/bin/python3; do
			if $p -c "import $2" 2>/dev/null; then return 0; fi
		done
		return 1
		;;
	browser)
		local b
		for b in chromium chromium-browser google-chrome google-chrome-stable; do
			if command -v $b >/dev/null; then return 0; fi
		done
		return 1
		;;
	*)
		echo "setup: bad line: $*" >&2
		exit 2
		;;
	esac
}

needs=$build_needs
case $goal in test | bench) needs+=$test_needs ;; esac
if [ "$goal" = bench ]; then needs+=$bench_needs; fi

missing=() # "package alternatives | what for"
while IFS='|' read -r check packages why; do
	if [ -z "${check// /}" ]; then continue; fi
	# shellcheck disable=SC2086 # the words of a check are its arguments
	if ! there $check; then missing+=("$(echo $packages)|$(echo $why)"); fi
done <<<"$needs"

# installable PACKAGE: apt can install it, and it is not one of Ubuntu's empty
# shells around a snap.
installable() {
	local candidate
	candidate=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
	case $candidate in
	'' | '(none)' | *snap*) return 1 ;;
	esac
}

install_missing() {
	local as_root=() list=() entry packages p chosen
	if ! command -v apt-get >/dev/null; then
		say "this machine has no apt-get; please install what these Debian packages hold:"
		for entry in "${missing[@]}"; do say "  ${entry%%|*} (${entry##*|})"; done
		exit 1
	fi
	if [ "$(id -u)" != 0 ]; then
		as_root=(sudo)
		# sudo may ask for a password when somebody is there to type it.
		if ! command -v sudo >/dev/null || { [ ! -t 0 ] && ! sudo -n true 2>/dev/null; }; then
			for entry in "${missing[@]}"; do
				packages=${entry%%|*}
				case $packages in
				*\ -) say "${packages%% *} is left out (${entry##*|}): there is no way to become root" ;;
				*) list+=("${packages%% *}") ;;
				esac
			done
			if [ ${#list[@]} = 0 ]; then return; fi
			say "some packages are missing and there is no way to become root; please run:"
			say "  apt-get update && apt-get install -y --no-install-recommends ${list[*]}"
			exit 1
		fi
	fi
	say "updating the package lists"
	"${as_root[@]}" apt-get update -qq >&2
	for entry in "${missing[@]}"; do
		packages=${entry%%|*}
		chosen=
		for p in $packages; do
			if [ "$p" = - ]; then
				say "no package here holds ${packages%% *} (${entry##*|}); it is left out"
				continue 2
			fi
			if installable "$p"; then
				chosen=$p
				break
			fi
		done
		if [ -z "$chosen" ]; then
			say "no package here holds ${packages// / or } (${entry##*|}); please install it in another way"
			exit 1
		fi
		say "installing $chosen: ${entry##*|}"
		list+=("$chosen")
	done
	local log
	log=$(mktemp)
	if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
		apt-get install -y --no-install-recommends "${list[@]}" >"$log" 2>&1 </dev/null; then
		cat "$log" >&2
		rm -f "$log"
		say "apt-get could not install the packages"
		exit 1
	fi
	rm -f "$log"
}

if [ ${#missing[@]} -gt 0 ]; then install_missing; fi
case $goal in test | bench) ;; *) exit 0 ;; esac

# npm_ci DIR WHAT: installs the packages pinned in DIR, unless these very ones
# are there.
npm_ci() {
	local dir=$1 stamp=$1/node_modules/.installed
	if cmp -s "$dir/package-lock.json" "$stamp"; then return; fi
	say "installing $2 from the npm registry"
	local log
	log=$(mktemp)
	# A Node.js of its own knows the system's certificates only when told.
	if ! (cd "$dir" && NODE_EXTRA_CA_CERTS=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt} \
		npm ci --no-audit --no-fund --ignore-scripts) >"$log" 2>&1 </dev/null; then
		cat "$log" >&2
		rm -f "$log"
		say "npm could not install $2"
		exit 1
	fi
	rm -f "$log"
	cp "$dir/package-lock.json" "$stamp"
}

if [ "$(node_major node)" -lt $min_node ]; then
	npm_ci .ci/node "Node.js 22, since the system's is older than $min_node"
fi
npm_ci auth/authtest/npm "the test provider and the browser's driver"
