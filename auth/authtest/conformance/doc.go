// Package conformance runs Keyfob through the OpenID Foundation's tests for
// relying parties, by their names (oidcc-client-test…): each that a native
// client of the code flow can meet is run through a whole sign-in, with the
// real listener and a real provider whose answers are changed as the test says.
// The others are listed with the reason. RESULTS.md is what came of it, and is
// checked.
//
// It holds tests alone. It must never be called a certification, which the Foundation gives for
// runs of its own suite.
package conformance
