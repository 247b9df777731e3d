#!/bin/bash
# vet-cross.sh GOOS: go vet for another system, without its C compiler: all
# packages but those that need cgo there (Fyne's driver everywhere, all of Fyne
# and systray on macOS).
set -euo pipefail
cd "$(dirname "$0")/.."

export GOOS=$1 CGO_ENABLED=0
unvettable=' fyne\.io/fyne/v2/internal/driver/glfw'
if [ "$GOOS" = darwin ]; then unvettable=' fyne\.io/[^ ]*'; fi

all=$(go list -e -deps=false -f '{{.ImportPath}} {{join .Deps " "}} {{join .TestImports " "}} {{join .XTestImports " "}} ' ./...)
packages=$(grep -vE "($unvettable) " <<<"$all" | cut -d ' ' -f 1)
echo "go vet for $GOOS: $(wc -l <<<"$packages") of $(wc -l <<<"$all") packages"
# shellcheck disable=SC2086 # a list of import paths
go vet $packages
