// Command roundtrip is the least that gets a token from another process: it
// sends one line of JSON over the unix socket that its argument names, reads
// one line of JSON back and prints the token in it. `keyfob token` is measured
// against it.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "roundtrip:", err)
		os.Exit(1)
	}
}

func run(socket string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := json.NewEncoder(conn).Encode(map[string]string{"op": "token", "tool": "bench"}); err != nil {
		return err
	}
	line, err := bufio.NewReader(conn).ReadBytes('\n')
	if err != nil {
		return err
	}
	var reply struct {
		Tokens struct {
			Access string `json:"access"`
		} `json:"tokens"`
	}
	if err := json.Unmarshal(line, &reply); err != nil {
		return err
	}
	fmt.Println(reply.Tokens.Access)
	return nil
}
