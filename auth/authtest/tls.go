package authtest

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// ServeTLS serves h over https on loopback until the test ends, and returns its
// origin and a file with the authority that issued its certificate. The
// certificate is a good one for 127.0.0.1 and localhost before change, which
// may be nil, edits it; conf, which may be nil too, is the server's own.
func ServeTLS(t testing.TB, h http.Handler, change func(*x509.Certificate), conf *tls.Config) (origin, caFile string) {
	t.Helper()
	from := time.Now().Add(-time.Hour)
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Keyfob's test authority"},
		NotBefore: from.AddDate(-10, 0, 0), NotAfter: from.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	authorityKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	authority = must(
		x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, authority, authority, authorityKey.Public(), authorityKey))),
	)
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "127.0.0.1"},
		NotBefore: from, NotAfter: from.AddDate(0, 0, 30),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	if change != nil {
		change(leaf)
	}
	leafKey := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	der := must(x509.CreateCertificate(rand.Reader, leaf, authority, leafKey.Public(), authorityKey))

	if conf == nil {
		conf = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	conf.Certificates = []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: leafKey}}
	s := httptest.NewUnstartedServer(h)
	s.TLS, s.EnableHTTP2 = conf, true
	s.Config.ErrorLog = log.New(io.Discard, "", 0) // handshakes that a client refuses
	s.StartTLS()
	t.Cleanup(func() {
		s.CloseClientConnections()
		s.Close()
	})
	var file bytes.Buffer
	if err := pem.Encode(&file, &pem.Block{Type: "CERTIFICATE", Bytes: authority.Raw}); err != nil {
		t.Fatal(err)
	}
	caFile = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(caFile, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return s.URL, caFile
}
