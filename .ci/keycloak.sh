#!/usr/bin/env bash
# keycloak.sh: brings a real Keycloak to .ci/keycloak and prints its folder.
# Where Java or Maven is missing it says so, prints nothing and succeeds.
set -euo pipefail
cd "$(dirname "$0")"

version=26.4.0
sha256=1b6a11a2726ac8a8dc9c91d5fafe989a75ce4f1622d7f7b45c21d5bc16629c0a # of the zip
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.6.1
min_java=17 # this version runs on it; Keycloak recommends 21

skip() {
	echo "skipped: $*" >&2
	exit 0
}

dir=$PWD/keycloak/keycloak-$version
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
found=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1) || found=
if [ -z "$found" ]; then skip "a real Keycloak needs Java $min_java or newer, and there is none on PATH or in JAVA_HOME"; fi
if [ "$found" -lt $min_java ]; then skip "a real Keycloak needs Java $min_java or newer, and this is $found"; fi
if [ -x "$dir/bin/kc.sh" ]; then
	echo "$dir"
	exit 0
fi
if ! command -v mvn >/dev/null; then skip "a real Keycloak is fetched with Maven, which is not installed"; fi

mkdir -p keycloak
work=$(mktemp -d "$PWD/keycloak/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
echo "fetching Keycloak $version with Maven (160 MB)" >&2
if ! mvn -B -q "$plugin:copy" -Dartifact="org.keycloak:keycloak-quarkus-dist:$version:zip" \
	-DoutputDirectory="$work" >"$work/log" 2>&1 </dev/null; then
	cat "$work/log" >&2
	echo "Maven could not fetch Keycloak $version" >&2
	exit 1
fi
zip=$work/keycloak-quarkus-dist-$version.zip
if ! echo "$sha256  $zip" | sha256sum --check --quiet >&2; then
	echo "Maven brought another Keycloak $version than the one that is pinned" >&2
	exit 1
fi
if command -v unzip >/dev/null; then
	unzip -q "$zip" -d "$work"
elif command -v jar >/dev/null; then
	(cd "$work" && jar xf "$zip")
elif command -v python3 >/dev/null; then
	python3 -m zipfile -e "$zip" "$work"
else
	echo "unzip is not installed, and neither is anything else that unpacks a zip" >&2
	exit 1
fi
chmod +x "$work/keycloak-$version"/bin/*.sh
rm -rf "$dir"
mv "$work/keycloak-$version" "$dir"
echo "$dir"
