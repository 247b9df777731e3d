// Package authtest holds what the tests of signing in share: faults laid over
// a real provider, keys that sign what no provider would, and a scripted
// person with a browser. It must never be linked into a program.
package authtest

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// Fault answers a request in place of next, the real handler, which it may ask.
type Fault = func(w http.ResponseWriter, r *http.Request, next http.Handler)

// Faults is a handler that passes requests through, except on the paths for
// which a fault is set. It is safe for concurrent use.
type Faults struct {
	next http.Handler

	mu     sync.Mutex
	faults map[string]Fault
	seen   map[string]int
}

// NewFaults lays a fault layer, without faults as yet, over h.
func NewFaults(h http.Handler) *Faults {
	return &Faults{next: h, faults: make(map[string]Fault), seen: make(map[string]int)}
}

// Set makes fault answer all requests for path from now on.
func (f *Faults) Set(path string, fault Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[path] = fault
}

// Clear lets requests for path through again.
func (f *Faults) Clear(path string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.faults, path)
}

// Seen returns how many requests came for path, answered by whomever.
func (f *Faults) Seen(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen[path]
}

// Total returns how many requests came in all.
func (f *Faults) Total() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, v := range f.seen {
		n += v
	}
	return n
}

// ServeHTTP implements [http.Handler].
func (f *Faults) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.seen[r.URL.Path]++
	fault := f.faults[r.URL.Path]
	f.mu.Unlock()
	if fault != nil {
		fault(w, r, f.next)
		return
	}
	f.next.ServeHTTP(w, r)
}

// Serve serves h on loopback until the test ends and returns its origin, which
// is the issuer of a provider under it.
func Serve(t testing.TB, h http.Handler) string {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		s.CloseClientConnections() // what a fault keeps hanging
		s.Close()
	})
	return s.URL
}

// Answer is a fault that answers with this and nothing else. header holds pairs
// of name and value.
func Answer(status int, body string, header ...string) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Redirect is a fault that sends whoever asks to another place.
func Redirect(status int, to string) Fault { return Answer(status, "", "Location", to) }

// Hang is a fault that answers nothing until the client has gone.
func Hang(_ http.ResponseWriter, r *http.Request, _ http.Handler) {
	// A server sees that a client has gone only once it has read the body.
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

// Cut is a fault that breaks the connection half way through the real answer.
func Cut(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := record(next, r)
	maps.Copy(w.Header(), rec.Header())
	w.Header().Set("Content-Length", strconv.Itoa(rec.Body.Len()))
	w.WriteHeader(rec.Code)
	_, _ = w.Write(rec.Body.Bytes()[:rec.Body.Len()/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// Drop is a fault that lets the provider act and breaks the connection before
// any answer.
func Drop(_ http.ResponseWriter, r *http.Request, next http.Handler) {
	record(next, r)
	panic(http.ErrAbortHandler)
}

// Huge is a fault that answers with a JSON object of n bytes.
func Huge(n int64) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		hugeObject(w, n)
	}
}

// Bomb is a fault that answers with a JSON object that unpacks to n bytes.
func Bomb(n int64) Fault {
	return func(w http.ResponseWriter, _ *http.Request, _ http.Handler) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		z := gzip.NewWriter(w)
		hugeObject(z, n)
		_ = z.Close()
	}
}

// hugeObject writes a JSON object of about n bytes, as long as anybody reads.
func hugeObject(w io.Writer, n int64) {
	_, _ = io.WriteString(w, `{"access_token":"`)
	chunk := bytes.Repeat([]byte("a"), 64<<10)
	for ; n > 0; n -= int64(len(chunk)) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"}`)
}

// Times is a fault for the first n requests; later ones pass.
func Times(n int, fault Fault) Fault {
	var mu sync.Mutex
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		mu.Lock()
		n--
		hit := n >= 0
		mu.Unlock()
		if !hit {
			next.ServeHTTP(w, r)
			return
		}
		fault(w, r, next)
	}
}

// RewriteJSON is a fault that edits the real answer, a JSON object. An answer
// that is none passes as it is. Numbers are [json.Number].
func RewriteJSON(edit func(map[string]any)) Fault {
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		rec := record(next, r)
		body := rec.Body.Bytes()
		if m, err := object(body); err == nil {
			edit(m)
			if body, err = json.Marshal(m); err != nil {
				panic(fmt.Sprintf("the edited answer is no JSON: %v", err))
			}
		}
		maps.Copy(w.Header(), rec.Header())
		w.Header().Del("Content-Length")
		w.WriteHeader(rec.Code)
		_, _ = w.Write(body)
	}
}

// RewriteIDToken is a fault that edits the ID token in the real answer and has
// it signed by s. The edit finds the header naming the algorithm and the key of
// s, and may change that too; nil edits nothing.
func RewriteIDToken(edit func(header, claims map[string]any), s *Signer) Fault {
	return RewriteJSON(func(m map[string]any) {
		parts := strings.Split(fmt.Sprint(m["id_token"]), ".")
		if len(parts) != 3 {
			return
		}
		header, claims := segment(parts[0]), segment(parts[1])
		header["alg"], header["kid"] = s.alg, s.kid
		if edit != nil {
			edit(header, claims)
		}
		m["id_token"] = s.Sign(header, claims)
	})
}

func record(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, r)
	return rec
}

// object decodes a JSON object, keeping its numbers as they are written.
func object(b []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		return nil, err
	}
	if m == nil {
		return nil, fmt.Errorf("not an object")
	}
	return m, nil
}

// segment decodes one part of a real JWT.
func segment(s string) map[string]any {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		panic(fmt.Sprintf("the provider's ID token is malformed: %v", err))
	}
	m, err := object(b)
	if err != nil {
		panic(fmt.Sprintf("the provider's ID token is malformed: %v", err))
	}
	return m
}
