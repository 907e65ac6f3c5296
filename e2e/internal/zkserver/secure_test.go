package zkserver

import (
	"crypto/tls"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/certificates"
)

// client is how a client trusts an authority, with a certificate or without.
func client(t *testing.T, ca *certificates.Authority, own *certificates.Certificate) *tls.Config {
	t.Helper()
	c := &tls.Config{RootCAs: ca.Pool, ServerName: "127.0.0.1"}
	if own != nil {
		pair, err := tls.LoadX509KeyPair(own.Cert, own.Key)
		if err != nil {
			t.Fatal(err)
		}
		c.Certificates = []tls.Certificate{pair}
	}
	return c
}

// insisting shows its certificate though the server has named other authorities.
func insisting(c *tls.Config) *tls.Config {
	own := &c.Certificates[0]
	c.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return own, nil }
	return c
}

// check compares an error with what it has to say; nothing stands for none.
func check(t *testing.T, err error, want string) {
	t.Helper()
	if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("error %v; want %q", err, want)
	}
}

func secureClient(t *testing.T, s *Server, c *tls.Config) *zk.Conn {
	t.Helper()
	dialer := func(network, addr string, patience time.Duration) (net.Conn, error) {
		return tls.DialWithDialer(&net.Dialer{Timeout: patience}, network, addr, c)
	}
	conn, _, err := zk.Connect([]string{s.SecureAddr()}, 30*time.Second, zk.WithLogger(silent{}), zk.WithDialer(dialer))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return conn
}

func TestSecurePort(t *testing.T) {
	ca := certificates.NewAuthority(t, "authority")
	s := StartTLS(t, TLS{Certificate: ca.Issue(t, certificates.Request{}), Trust: ca, ClientAuth: "need"})
	plain := s.Client(t)
	plain.Put("/node", []byte("value"))
	secure := &Admin{
		Conn: secureClient(t, s, client(t, ca, ca.Issue(t, certificates.Request{Client: true}))),
		fail: func(err error) { t.Error(err) },
	}
	if got := value(t, secure, "/node"); got != "value" {
		t.Errorf("the node has %q through TLS", got)
	}
	if n := sessions(t, s); n != 2 {
		t.Errorf("%d sessions with a client at each port", n)
	}
	if _, _, _, err := secure.Conn.GetW("/node"); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Watches(); n != 1 || err != nil {
		t.Errorf("%d watches, %v; want 1", n, err)
	}
	s.Kill()
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	secure.Put("/node", []byte("after"))
	if got := value(t, plain, "/node"); got != "after" {
		t.Errorf("the node has %q after a restart", got)
	}
}

func TestReplacedCertificateServesAfterRestart(t *testing.T) {
	ca, next := certificates.NewAuthority(t, "authority"), certificates.NewAuthority(t, "next authority")
	cert := ca.Issue(t, certificates.Request{})
	s := StartTLS(t, TLS{Certificate: cert, ClientAuth: "none"})
	check(t, open(t, s.SecureAddr(), client(t, ca, nil)), "")
	cert.Replace(t, next.Issue(t, certificates.Request{}))
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	check(t, open(t, s.SecureAddr(), client(t, ca, nil)), "handshake: tls: failed to verify certificate")
	check(t, open(t, s.SecureAddr(), client(t, next, nil)), "")
}

// A server of today: ZooKeeper 3.8 speaks TLS 1.2 if nothing else is said.
var tls13 = []Option{Configuration("ssl.protocol=TLSv1.3"), Configuration("ssl.ciphersuites=TLS_AES_128_GCM_SHA256")}

func TestClientCertificates(t *testing.T) {
	ca, other := certificates.NewAuthority(t, "authority"), certificates.NewAuthority(t, "other authority")
	cert := ca.Issue(t, certificates.Request{})
	clients := map[string]*tls.Config{
		"good":               client(t, ca, ca.Issue(t, certificates.Request{Client: true})),
		"none":               client(t, ca, nil),
		"other authority":    client(t, ca, other.Issue(t, certificates.Request{Client: true})), // Go shows none then
		"insisting on other": insisting(client(t, ca, other.Issue(t, certificates.Request{Client: true}))),
		"expired":            client(t, ca, ca.Issue(t, certificates.Request{Client: true, Expired: true})),
		"that of a server":   client(t, ca, ca.Issue(t, certificates.Request{})),
	}
	const missing, bad = "remote error: tls: bad certificate", "remote error: tls: unknown certificate"
	strict := map[string]string{
		"good": "", "none": missing, "other authority": missing, "insisting on other": bad, "expired": bad, "that of a server": bad,
	}
	tests := []struct {
		name    string
		auth    string
		options []Option
		where   string // a client hears of it
		wants   map[string]string
	}{
		{"need", "need", nil, "handshake: ", strict},
		{"need is the default", "", nil, "handshake: ", strict},
		{"need with TLS 1.3", "need", tls13, "answer: ", strict},
		{"want", "want", nil, "handshake: ", map[string]string{"good": "", "none": "", "other authority": "", "insisting on other": bad, "expired": bad}},
		{"none", "none", nil, "", map[string]string{"good": "", "none": "", "insisting on other": "", "expired": ""}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := StartTLS(t, TLS{Certificate: cert, Trust: ca, ClientAuth: test.auth}, test.options...)
			for name, want := range test.wants {
				t.Run(name, func(t *testing.T) {
					if want != "" {
						want = test.where + want
					}
					check(t, open(t, s.SecureAddr(), clients[name]), want)
				})
			}
		})
	}
}

func TestServerCertificates(t *testing.T) {
	ca, other := certificates.NewAuthority(t, "authority"), certificates.NewAuthority(t, "other authority")
	tests := []struct {
		name string
		cert *certificates.Certificate
		want string
	}{
		{"expired", ca.Issue(t, certificates.Request{Expired: true}), "x509: certificate has expired or is not yet valid"},
		{"another name", ca.Issue(t, certificates.Request{Names: []string{"zookeeper.internal"}}), "because it doesn't contain any IP SANs"},
		{"another authority", other.Issue(t, certificates.Request{}), "x509: certificate signed by unknown authority"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := StartTLS(t, TLS{Certificate: test.cert, ClientAuth: "none"})
			check(t, open(t, s.SecureAddr(), client(t, ca, nil)), "handshake: tls: failed to verify certificate: ")
			check(t, open(t, s.SecureAddr(), client(t, ca, nil)), test.want)
		})
	}
}

// At the wrong port both are turned away without a word.
func TestWrongPort(t *testing.T) {
	ca := certificates.NewAuthority(t, "authority")
	s := StartTLS(t, TLS{Certificate: ca.Issue(t, certificates.Request{}), ClientAuth: "none"})
	check(t, open(t, s.SecureAddr(), nil), "answer: EOF")
	check(t, open(t, s.Addr(), client(t, ca, nil)), "handshake: EOF")
	check(t, open(t, Start(t).Addr(), client(t, ca, nil)), "handshake: EOF")
}

func TestSecureEnsemble(t *testing.T) {
	ca := certificates.NewAuthority(t, "authority")
	e := StartEnsemble(t, Secure(TLS{Certificate: ca.Issue(t, certificates.Request{}), ClientAuth: "none"}))
	for _, s := range e.Servers {
		check(t, open(t, s.SecureAddr(), client(t, ca, nil)), "")
	}
}
