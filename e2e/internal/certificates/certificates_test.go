package certificates

import (
	"crypto/tls"
	"crypto/x509"
	"os"
	"strings"
	"testing"
)

// leaf reads a certificate from its files, as servers and clients do.
func leaf(t *testing.T, cert, key string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf
}

func TestIssue(t *testing.T) {
	ca, other := NewAuthority(t, "authority"), NewAuthority(t, "authority")
	server := []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	client := []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	tests := []struct {
		name    string
		request Request
		trust   *Authority
		host    string
		usage   []x509.ExtKeyUsage
		refused string // empty: it is good
	}{
		{"server by address", Request{}, ca, "127.0.0.1", server, ""},
		{"server by name", Request{}, ca, "localhost", server, ""},
		{"server of another name", Request{Names: []string{"zookeeper.internal"}}, ca, "127.0.0.1", server, "doesn't contain any IP SANs"},
		{"server by that other name", Request{Names: []string{"zookeeper.internal"}}, ca, "zookeeper.internal", server, ""},
		{"expired", Request{Expired: true}, ca, "localhost", server, "expired"},
		{"another authority of the same name", Request{}, other, "localhost", server, "unknown authority"},
		{"client", Request{Client: true}, ca, "", client, ""},
		{"server as client", Request{}, ca, "", client, "incompatible key usage"},
		{"client as server", Request{Client: true}, ca, "", server, "incompatible key usage"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			c := ca.Issue(t, test.request)
			_, err := leaf(t, c.Cert, c.Key).Verify(x509.VerifyOptions{Roots: test.trust.Pool, DNSName: test.host, KeyUsages: test.usage})
			if test.refused == "" && err != nil || test.refused != "" && (err == nil || !strings.Contains(err.Error(), test.refused)) {
				t.Errorf("error %v; want %q", err, test.refused)
			}
		})
	}
}

func TestAuthorityFile(t *testing.T) {
	ca := NewAuthority(t, "authority")
	text, err := os.ReadFile(ca.File)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) || !pool.Equal(ca.Pool) {
		t.Errorf("the file has\n%s", text)
	}
}

func TestReplace(t *testing.T) {
	ca := NewAuthority(t, "authority")
	c, next := ca.Issue(t, Request{}), ca.Issue(t, Request{Names: []string{"next"}})
	c.Replace(t, next)
	for _, key := range []string{c.Key, c.Store} {
		if name := leaf(t, c.Cert, key).Subject.CommonName; name != "next" {
			t.Errorf("the files have the certificate of %s", name)
		}
	}
	if name := leaf(t, c.Store, c.Store).Subject.CommonName; name != "next" {
		t.Errorf("the store has the certificate of %s", name)
	}
}
