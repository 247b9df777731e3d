//go:build race

package server_test

// shadow is how many times the race detector keeps the memory that is used.
const shadow = 10
