// Package certificates makes authorities and certificates for the tests of TLS,
// as PEM files that end with the test. Keys are ECDSA, which Go, Java and
// Traefik take, and which cost no time to make.
package certificates

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Authority signs certificates. Two of the same name are different authorities.
type Authority struct {
	File string // its own certificate
	Pool *x509.CertPool

	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// Certificate is where the files of a certificate are.
type Certificate struct {
	Cert  string // the certificate alone
	Key   string // its key, PKCS #8
	Store string // both in one file, which is a key store to ZooKeeper
}

// Request is what a certificate is for: a server, if nothing else is said.
type Request struct {
	Names   []string // host names and addresses; 127.0.0.1 and localhost by default
	Client  bool     // for a client, not for a server
	Expired bool
	Common  bool // the first name is the common one, as always, and the only one
}

// NewAuthority makes an authority.
func NewAuthority(t testing.TB, name string) *Authority {
	t.Helper()
	key := newKey(t)
	template := fresh(t, name)
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign
	a := &Authority{File: filepath.Join(t.TempDir(), "ca.pem"), Pool: x509.NewCertPool(), certificate: template, key: key}
	der := a.sign(t, template, key)
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	a.certificate = parsed
	a.Pool.AddCert(parsed)
	write(t, a.File, block("CERTIFICATE", der))
	return a
}

// Issue makes a certificate.
func (a *Authority) Issue(t testing.TB, r Request) *Certificate {
	t.Helper()
	if r.Names == nil {
		r.Names = []string{"127.0.0.1", "localhost"}
	}
	key := newKey(t)
	cert := block("CERTIFICATE", a.sign(t, r.template(t), key))
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	private := block("PRIVATE KEY", der)
	dir := t.TempDir()
	c := &Certificate{
		Cert:  filepath.Join(dir, "cert.pem"),
		Key:   filepath.Join(dir, "key.pem"),
		Store: filepath.Join(dir, "store.pem"),
	}
	write(t, c.Cert, cert)
	write(t, c.Key, private)
	write(t, c.Store, append(private, cert...))
	return c
}

// Replace puts another certificate into the files of this one.
func (c *Certificate) Replace(t testing.TB, by *Certificate) {
	t.Helper()
	for to, from := range map[string]string{c.Cert: by.Cert, c.Key: by.Key, c.Store: by.Store} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(t, to, text)
	}
}

func (r Request) template(t testing.TB) *x509.Certificate {
	template := fresh(t, r.Names[0])
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	if r.Client {
		template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	}
	if r.Expired {
		template.NotAfter = time.Now().Add(-time.Hour)
	}
	if r.Common {
		return template
	}
	for _, name := range r.Names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	return template
}

// fresh is a certificate that is valid for a day around now.
func fresh(t testing.TB, name string) *x509.Certificate {
	t.Helper()
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		t.Fatal(err)
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-12 * time.Hour),
		NotAfter:     time.Now().Add(12 * time.Hour),
	}
}

func (a *Authority) sign(t testing.TB, template *x509.Certificate, key *ecdsa.PrivateKey) []byte {
	t.Helper()
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func newKey(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func block(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// write replaces a file at once: whoever reads it meanwhile gets the old or the
// new one.
func write(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}
