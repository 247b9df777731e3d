//go:build !race

package server_test

const shadow = 1
