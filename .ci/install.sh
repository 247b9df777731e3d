#!/bin/bash
# install.sh install|uninstall: puts what was built into $DESTDIR$PREFIX, or
# takes it out again. Settings, tokens and what starts at login are the
# person's own and stay.
set -euo pipefail
cd "$(dirname "$0")/.."

: "${PREFIX:?}"
case $PREFIX in
/*) ;;
*)
	echo "install: PREFIX is $PREFIX: it has to be an absolute path" >&2
	exit 2
	;;
esac
root=${DESTDIR:-}$PREFIX
exe=
if [ "${OS:-}" = Windows_NT ]; then exe=.exe; fi

# from | to below the prefix | mode
# An engine that runs starts the keyfob-tray that it finds in its place, so that
# the window which belongs to that is there first.
files="
bin/keyfob-window$exe|bin/keyfob-window$exe|755
bin/keyfob-tray$exe|bin/keyfob-tray$exe|755
bin/keyfob$exe|bin/keyfob$exe|755
"
if [ "$(uname -s)" = Linux ]; then
	files+="
assets/keyfob.desktop|share/applications/keyfob.desktop|644
assets/keyfob.svg|share/icons/hicolor/scalable/apps/keyfob.svg|644
assets/Icon.png|share/icons/hicolor/512x512/apps/keyfob.png|644
"
	for size in 16 24 32 48 64 128 256; do
		files+="assets/hicolor/$size.png|share/icons/hicolor/${size}x$size/apps/keyfob.png|644
"
	done
fi

case ${1:-} in
install)
	while IFS='|' read -r from to mode; do
		if [ -z "$from" ]; then continue; fi
		install -d "$(dirname "$root/$to")"
		# At once, so that nobody starts half a program.
		install -m "$mode" "$from" "$root/$to.new"
		mv -f "$root/$to.new" "$root/$to"
	done <<<"$files"
	entry=$root/share/applications/keyfob.desktop
	# A menu does not know the folder ~/.local/bin everywhere. What would need
	# quotes there is left to PATH.
	case $PREFIX in
	*[!A-Za-z0-9/._-]*) ;;
	*) if [ -f "$entry" ]; then sed -i "s|^Exec=keyfob-tray\$|Exec=$PREFIX/bin/keyfob-tray|" "$entry"; fi ;;
	esac
	echo "installed below $root"
	;;
uninstall)
	while IFS='|' read -r _ to _; do
		if [ -n "$to" ]; then rm -f "$root/$to"; fi
	done <<<"$files"
	echo "removed from $root; settings, tokens and what \`keyfob autostart\` wrote are yours and stay"
	;;
*)
	echo "usage: .ci/install.sh install|uninstall" >&2
	exit 2
	;;
esac

# Menus and icon themes notice by the time of their folders.
if [ -z "${DESTDIR:-}" ] && [ "$(uname -s)" = Linux ]; then
	touch "$root/share/icons/hicolor" 2>/dev/null || true
	if command -v update-desktop-database >/dev/null; then
		update-desktop-database -q "$root/share/applications" 2>/dev/null || true
	fi
fi
