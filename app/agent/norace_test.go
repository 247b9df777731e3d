//go:build !race

package agent_test

const shadow = 1
