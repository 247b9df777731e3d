package caller

import "os"

// AtTerminal reports whether a person typed the command: what it prints may go
// elsewhere, as in a script's substitution.
func AtTerminal() bool { return isTerminal(os.Stdin) || isTerminal(os.Stderr) }
