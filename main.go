// Keyfob sits in the tray, signs an engineer in to tools through the company's
// identity provider, and hands out bearer tokens.
package main

import (
	"os"

	"keyfob/app"
)

func main() { os.Exit(app.Main(os.Args[1:])) }
