package behaviour

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/certificates"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// secured is an instance's configuration for a cluster with more settings.
func secured(addr, settings string) string {
	return "clusters:\n  " + uniqueCluster() + ":\n    servers: '" + addr + "'\n    sessionTimeout: 1s\n" + settings +
		"startupTimeout: 100ms\nrequestHeaders:\n  - {name: X-Value, path: /secured, default: nothing}\n"
}

func tlsWith(ca *certificates.Authority, own *certificates.Certificate) string {
	config := "    tls:\n      ca: '" + ca.File + "'\n"
	if own != nil {
		config += "      cert: '" + own.Cert + "'\n      key: '" + own.Key + "'\n"
	}
	return config
}

var security = []behaviour{
	{"TLS and mutual TLS", testTLSAndMutualTLS},
	{"TLS by the name of the certificate, and by no name", testTLSByTheNameOfTheCertificateAndByNoName},
	{"certificates are rotated", testCertificatesAreRotated},
	{"mistakes with TLS", tlsMistakes},
	{"an encrypted key", encrypted},
	{"known values outlive a certificate", testKnownValuesOutliveACertificate},
	{"credentials", credentials},
	{"a wrong password", testWrongPassword},
}

func testTLSAndMutualTLS(t *testing.T, s *suite) {
	ca := certificates.NewAuthority(t, "authority")
	for _, auth := range []string{"none", "need"} {
		server := zkserver.StartTLS(t, zkserver.TLS{Certificate: ca.Issue(t, certificates.Request{}), Trust: ca, ClientAuth: auth})
		server.Client(t).Put("/secured", []byte(auth))
		inst := s.must(t, secured(server.SecureAddr(), tlsWith(ca, ca.Issue(t, certificates.Request{Client: true}))))
		inst.awaitHeader(t, "X-Value", auth)
	}
}

func testTLSByTheNameOfTheCertificateAndByNoName(t *testing.T, s *suite) {
	ca := certificates.NewAuthority(t, "authority")
	cert := ca.Issue(t, certificates.Request{Names: []string{"zookeeper.internal"}})
	server := zkserver.StartTLS(t, zkserver.TLS{Certificate: cert, ClientAuth: "none"})
	server.Client(t).Put("/secured", []byte("named"))
	s.must(t, secured(server.SecureAddr(), tlsWith(ca, nil)+"      serverName: zookeeper.internal\n")).awaitHeader(t, "X-Value", "named")
	s.must(t, secured(server.SecureAddr(), "    tls: {insecureSkipVerify: true}\n")).awaitHeader(t, "X-Value", "named")
}

func testCertificatesAreRotated(t *testing.T, s *suite) {
	ca, next := certificates.NewAuthority(t, "authority"), certificates.NewAuthority(t, "next authority")
	cert, own := ca.Issue(t, certificates.Request{}), ca.Issue(t, certificates.Request{Client: true})
	server := zkserver.StartTLS(t, zkserver.TLS{Certificate: cert, Trust: ca, ClientAuth: "need"})
	admin := server.Client(t)
	admin.Put("/secured", []byte("before"))
	inst := s.must(t, secured(server.SecureAddr(), tlsWith(ca, own)))
	inst.awaitHeader(t, "X-Value", "before")

	cert.Replace(t, next.Issue(t, certificates.Request{}))
	own.Replace(t, next.Issue(t, certificates.Request{Client: true}))
	if err := copyFile(next.File, ca.File); err != nil {
		t.Fatal(err)
	}
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	admin.Put("/secured", []byte("after"))
	inst.awaitHeader(t, "X-Value", "after")
}

func testKnownValuesOutliveACertificate(t *testing.T, s *suite) {
	ca := certificates.NewAuthority(t, "authority")
	cert := ca.Issue(t, certificates.Request{})
	server := zkserver.StartTLS(t, zkserver.TLS{Certificate: cert, ClientAuth: "none"})
	server.Client(t).Put("/secured", []byte("known"))
	inst := s.must(t, secured(server.SecureAddr(), tlsWith(ca, nil)))
	inst.awaitHeader(t, "X-Value", "known")
	before := len(s.plugin.Output())
	cert.Replace(t, ca.Issue(t, certificates.Request{Expired: true}))
	if err := server.Restart(); err != nil {
		t.Fatal(err)
	}
	eventually(t, func() bool { return strings.Contains(s.plugin.Output()[before:], "certificate has expired") }, s.plugin.Output)
	steady(t, time.Second, func() bool { return inst.header("X-Value") == "known" }, func() string { return "what was known is lost" })
}

func testWrongPassword(t *testing.T, s *suite) {
	server := zkserver.Start(t)
	protect(t, server)
	before := len(s.plugin.Output())
	inst := s.must(t, secured(server.Addr(), "    username: app\n    password: wrong-and-"+password+"\n"))
	inst.awaitHeader(t, "X-Value", "nothing")
	line := "/secured refused as text: it may not be read: its ACL denies it to the user app with this password"
	eventually(t, func() bool { return strings.Count(s.plugin.Output()[before:], line) == 1 }, s.plugin.Output)
	tellsNoSecret(t, s, before)
}

func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	return errors.Join(err, os.WriteFile(to, text, 0o600))
}

// Each mistake is logged once, however often it is tried again, and says what to
// do.
func tlsMistakes(t *testing.T, s *suite) {
	ca, other := certificates.NewAuthority(t, "authority"), certificates.NewAuthority(t, "other authority")
	good := zkserver.TLS{Certificate: ca.Issue(t, certificates.Request{}), Trust: ca, ClientAuth: "need"}
	open := good
	open.ClientAuth = "none"
	expired, common, misused := open, open, open
	expired.Certificate = ca.Issue(t, certificates.Request{Expired: true})
	common.Certificate = ca.Issue(t, certificates.Request{Names: []string{"127.0.0.1"}, Common: true})
	misused.Certificate = ca.Issue(t, certificates.Request{Client: true})
	for _, m := range []struct {
		name   string
		server zkserver.TLS
		plain  bool // the port that is used
		config string
		want   string
	}{
		{"another authority", open, false, tlsWith(other, nil), "another authority than those in tls.ca"},
		{"expired", expired, false, tlsWith(ca, nil), "renew it"},
		{"another name", open, false, tlsWith(ca, nil) + "      serverName: zookeeper.internal\n", `set tls.serverName to one of them: "localhost", "127.0.0.1"`},
		{"a common name only", common, false, tlsWith(ca, nil), "no tls.serverName helps; have one issued with subject alternative names"},
		{"a client's certificate at the server", misused, false, tlsWith(ca, nil), "extendedKeyUsage serverAuth"},
		{"no certificate for the server", good, false, tlsWith(ca, nil), "set tls.cert and tls.key"},
		{"an expired one for the server", good, false, tlsWith(ca, ca.Issue(t, certificates.Request{Client: true, Expired: true})), "set tls.cert and tls.key"},
		{"TLS to the plain port", open, true, tlsWith(ca, nil), "doesn't speak TLS at this port"},
		{"plain to the secure port", open, false, "", "speaks TLS at this port; set tls"},
	} {
		t.Run(m.name, func(t *testing.T) {
			server := zkserver.StartTLS(t, m.server)
			addr := server.SecureAddr()
			if m.plain {
				addr = server.Addr()
			}
			before := len(s.plugin.Output())
			inst := s.must(t, secured(addr, m.config))
			inst.awaitHeader(t, "X-Value", "nothing")
			logged := func() int { return strings.Count(s.plugin.Output()[before:], m.want) }
			eventually(t, func() bool { return logged() == 1 }, s.plugin.Output)
			steady(t, time.Second, func() bool { return logged() == 1 }, func() string { return "logged again: " + s.plugin.Output()[before:] })
		})
	}
}

const (
	password         = "open-sesame-4711"
	passwordVariable = "ZOOKEEPER_TEST_PASSWORD"
)

// protect makes a node that only the user app may read.
func protect(t *testing.T, server *zkserver.Server) *zkserver.Admin {
	t.Helper()
	admin := server.Client(t)
	admin.Authenticate("app", password)
	admin.PutACL("/secured", []byte("secret 0"), zk.DigestACL(zk.PermAll, "app", password))
	return admin
}

// The password comes from three places. The client presents it in each session
// and after each reconnect.
func credentials(t *testing.T, s *suite) {
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := len(s.plugin.Output())
	for name, source := range map[string]string{
		"value": "password: " + password, "file": "passwordFile: '" + file + "'", "variable": "passwordEnv: " + passwordVariable,
	} {
		t.Run(name, func(t *testing.T) {
			server := zkserver.Start(t)
			admin := protect(t, server)
			inst := s.must(t, secured(server.Addr(), "    username: app\n    "+source+"\n"))
			inst.awaitHeader(t, "X-Value", "secret 0")
			server.Kill()
			if err := server.Start(); err != nil {
				t.Fatal(err)
			}
			admin.Put("/secured", []byte("secret 1"))
			inst.awaitHeader(t, "X-Value", "secret 1")
			server.Pause()
			time.Sleep(2500 * time.Millisecond) // for longer than the session's timeout
			server.Resume()
			admin.Put("/secured", []byte("secret 2"))
			inst.awaitHeader(t, "X-Value", "secret 2")
		})
	}
	tellsNoSecret(t, s, before)
}

func tellsNoSecret(t *testing.T, s *suite, from int) {
	t.Helper()
	if strings.Contains(s.plugin.Output()[from:], password) {
		t.Error("the output has the password")
	}
}
