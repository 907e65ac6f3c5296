package ensemble

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/go-zookeeper/zk"
)

// What waiting doesn't mend comes with what does, however deep the error is wrapped.
func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string // empty where there is no advice
	}{
		{io.EOF, ""},
		{errors.New("dial tcp 127.0.0.1:1: connection refused"), ""},
		{fmt.Errorf("ca: %w", errUnusable), "mend the file"},
		{x509.UnknownAuthorityError{}, "another authority"},
		{x509.CertificateInvalidError{Reason: x509.Expired}, "has expired"},
		{x509.CertificateInvalidError{Reason: x509.IncompatibleUsage}, "serverAuth"},
		{x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, "CA:TRUE"},
		{x509.CertificateInvalidError{Reason: x509.TooManyIntermediates}, "have another one issued"},
		{tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, noTLS},
		{errors.New("remote error: tls: protocol version not supported"), "older than 1.2"},
		{errors.New("remote error: tls: bad certificate"), "set tls.cert and tls.key"},
		{errors.New("closed: " + RequiresAuth), "set username"},
		{zk.ErrAuthFailed, "DigestAuthenticationProvider"},
	} {
		got := remedyFor(fmt.Errorf("attempt: %w", c.err))
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
		if among := AdviceFor([]any{"zk1:2181", 3, c.err}); among != got {
			t.Errorf("%v: among other arguments it is %q", c.err, among)
		}
	}
	if got := AdviceFor([]any{"zk1:2181"}); got != "" {
		t.Errorf("without an error: %q", got)
	}
}

func TestNamesInACertificate(t *testing.T) {
	many := &x509.Certificate{DNSNames: strings.Fields("a b c d"), IPAddresses: []net.IP{net.IPv4(10, 0, 0, 1), net.IPv4(10, 0, 0, 2)}}
	for _, c := range []struct {
		certificate *x509.Certificate
		want        string
	}{
		{&x509.Certificate{}, "no names but a common name"},
		{&x509.Certificate{DNSNames: []string{"zk1"}}, `to one of them: "zk1"`},
		{many, `to one of them: "a", "b", "c", "d", "10.0.0.1", ...`},
	} {
		if got := remedyFor(x509.HostnameError{Certificate: c.certificate, Host: "other"}); !strings.Contains(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// An end without a word is explained where a session was wanted, and nowhere else.
func TestExplanations(t *testing.T) {
	handshake := fmt.Errorf("%s: %w", handshakeFailed, context.DeadlineExceeded)
	for _, c := range []struct {
		format string
		err    error
		want   string // empty where the error says enough
	}{
		{noSession + " %s: %v", io.EOF, "maxClientCnxns"},
		{noSession + " %s: %v", io.ErrUnexpectedEOF, "maxClientCnxns"},
		{noSession + " %s: %v", errors.New("read: connection reset by peer"), "maxClientCnxns"},
		{noSession + " %s: %v", errors.New("write: broken pipe"), "maxClientCnxns"},
		{noSession + " %s: %v", os.ErrDeadlineExceeded, "doesn't answer"},
		{noSession + " %s: %v", errors.New("no such host"), ""},
		{NoConnection + " to %s: %v", io.EOF, "maxClientCnxns"},
		{NoConnection + " to %s: %v", handshake, "doesn't answer"},
		{NoConnection + " to %s: %v", context.DeadlineExceeded, ""},
		{"%s: recv loop terminated: %v", io.EOF, ""},
	} {
		got := Explanation(c.format, []any{"zk1:2181", c.err})
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s %v: %q, want %q", c.format, c.err, got, c.want)
		}
	}
}

func TestDismissals(t *testing.T) {
	for err, want := range map[error]bool{
		io.EOF: false, fmt.Errorf("attempt: %w", zk.ErrAuthFailed): true, errors.New("closed (" + RequiresAuth + ")"): true, zk.ErrNoAuth: false,
	} {
		if got := IsDismissal(err); got != want {
			t.Errorf("%v: %t", err, got)
		}
	}
}
