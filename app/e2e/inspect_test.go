//go:build linux

package e2e_test

import (
	"bufio"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/agent/person"
	"keyfob/auth"
	"keyfob/auth/inspect"
)

// TestInspectAsksNobody looks at a session that has ended with its tokens in a
// real keychain: the engine says what they say, without the provider, a browser
// or the tokens themselves.
func TestInspectAsksNobody(t *testing.T) {
	h := newHeadless(t, "alice")
	old := h.storeExpired()
	old.Refresh = ""
	h.save(old)
	asked := h.provider.faults.Seen("/token")
	h.startEngine()

	client, err := person.Dial(t.Context(), filepath.Dir(h.socket()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	in, err := client.Inspect(t.Context(), plant4)
	if err != nil {
		t.Fatal(err)
	}
	if !in.Expired || in.RefreshToken || in.Account.Label() != old.Account.Label() || in.ID == nil || in.ID.Form != inspect.JWT ||
		len(in.ID.Claims) < 5 ||
		len(in.Scopes) != 3 {
		t.Errorf("the engine says %+v", in)
	}
	if _, err := client.Inspect(t.Context(), "nonsense"); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("of no tool: %v", err)
	}
	if now := h.provider.faults.Seen("/token"); now != asked {
		t.Errorf("the provider was asked %d times", now-asked)
	}

	conn, err := net.Dial("unix", h.socket())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, `{"v":1,"op":"inspect","tool":%q}`+"\n", plant4); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	id := old.ID.Reveal()
	for name, secret := range map[string]string{
		"access token": old.Access.Reveal(), "ID token": id, "ID token's signature": id[strings.LastIndexByte(id, '.')+1:],
	} {
		if strings.Contains(line, secret) {
			t.Errorf("the %s crossed the socket", name)
		}
	}
}
