package loopback

import (
	"crypto/sha256"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"keyfob/assets"
)

// page names one of the constant pages.
type page int

const (
	pageIgnored page = iota
	pageSignedIn
	pageAgain
	pageFailed
	pageSignedOut
)

// handler answers every request that reaches the listener.
type handler struct {
	l     *Listener
	pages [5]string // by page
	csp   string
}

func newHandler(l *Listener) *handler {
	sum := sha256.Sum256([]byte(assets.CallbackStyle()))
	return &handler{
		l: l,
		pages: [5]string{
			pageIgnored: assets.CallbackIgnored(), pageSignedIn: assets.CallbackSignedIn(),
			pageAgain: assets.CallbackAgain(), pageFailed: assets.CallbackFailed(), pageSignedOut: assets.CallbackSignedOut(),
		},
		csp: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; " +
			"base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	}
}

// ServeHTTP implements http.Handler.
func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c, _ := r.Context().Value(connKey{}).(*conn)
	if to := h.l.handoff(r); to != nil {
		to.serve(w, c != nil && c.sure)
		return
	}
	values, status := h.l.answer(w, r)
	if status != http.StatusOK {
		if status == http.StatusMethodNotAllowed {
			w.Header().Set("Allow", "GET, POST")
		}
		h.show(w, status, pageIgnored)
		return
	}
	o := &offer{values: values, conn: c, verdict: make(chan page, 1), done: make(chan struct{})}
	defer close(o.done)
	select {
	case h.l.offers <- o:
	case <-h.l.over:
		h.show(w, http.StatusBadRequest, pageIgnored)
		return
	case <-h.l.closed:
		return
	case <-r.Context().Done():
		return
	}
	select {
	case p := <-o.verdict:
		status := http.StatusBadRequest
		if p != pageFailed && p != pageIgnored {
			status = http.StatusOK
		}
		h.show(w, status, p)
	case <-h.l.closed:
	case <-r.Context().Done():
	}
}

// handoff gives the handoff that r asks for, or nil.
func (l *Listener) handoff(r *http.Request) *Handoff {
	if r.Method != http.MethodGet || !slices.Contains(l.hosts, r.Host) {
		return nil
	}
	select {
	case <-l.over:
		return nil // the answer has come
	default:
		return l.handoffs.find(r.URL.Path)
	}
}

// answer takes the parameters of an authorization response out of r, with
// StatusOK, or says with which status r is ignored. Whether they make sense is
// not decided here: whoever knows the state may end the sign-in.
func (l *Listener) answer(w http.ResponseWriter, r *http.Request) (url.Values, int) {
	switch {
	case !slices.Contains(l.hosts, r.Host):
		return nil, http.StatusForbidden // another name for this machine: DNS rebinding
	case r.URL.EscapedPath() != l.path:
		return nil, http.StatusNotFound
	case r.Method != http.MethodGet && r.Method != http.MethodPost:
		return nil, http.StatusMethodNotAllowed
	}
	raw := r.URL.RawQuery
	if r.Method == http.MethodPost { // OAuth 2.0 Form Post Response Mode
		if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
			return nil, http.StatusUnsupportedMediaType
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			return nil, http.StatusRequestEntityTooLarge
		}
		raw = string(body)
	}
	values := parse(raw)
	if !values.Has("state") && !l.stateless {
		return nil, http.StatusBadRequest
	}
	return values, http.StatusOK
}

// garbled stands for what could not be unescaped. No code, state or issuer
// holds it.
const garbled = "\uFFFD"

// parse reads parameters as the WHATWG's URL Standard does, in which a
// semicolon is a letter as any other: [url.ParseQuery] drops what holds one. No
// parameter is dropped here, so that one which comes twice is seen.
func parse(raw string) url.Values {
	values := url.Values{}
	for pair := range strings.SplitSeq(raw, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if pair == "" {
			continue
		}
		name, value = unescape(name), unescape(value)
		values[name] = append(values[name], value)
	}
	return values
}

func unescape(s string) string {
	plain, err := url.QueryUnescape(s)
	if err != nil {
		return garbled
	}
	return plain
}

// show sends a constant page.
func (h *handler) show(w http.ResponseWriter, status int, p page) {
	hd := w.Header()
	hd.Set("Content-Type", "text/html; charset=utf-8")
	hd.Set("Content-Length", strconv.Itoa(len(h.pages[p])))
	hd.Set("Content-Security-Policy", h.csp)
	hd.Set("Referrer-Policy", "no-referrer") // the address bar holds the code
	hd.Set("Cache-Control", "no-store")
	hd.Set("X-Content-Type-Options", "nosniff")
	hd.Set("X-Frame-Options", "DENY")
	hd.Set("Cross-Origin-Resource-Policy", "same-origin")
	rc := http.NewResponseController(w)
	_ = rc.SetWriteDeadline(time.Now().Add(pageTimeout))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, h.pages[p])
	// Close may follow at once and would cut off what is still buffered here.
	_ = rc.Flush()
}
