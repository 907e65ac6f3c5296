package ensemble

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/go-zookeeper/zk"

	"github.com/mod-zookeeper/traefik-zookeeper/internal/problems"
)

// AdviceFor says what to do about an error that doesn't go away by itself. It gets the
// arguments of a line that the client logs. It is empty where no such error is among them.
func AdviceFor(args []any) string {
	for _, arg := range args {
		err, isError := arg.(error)
		if isError {
			return remedyFor(err)
		}
	}
	return ""
}

// remedyFor says what to do about an error; empty where it may go away by itself.
func remedyFor(err error) string {
	var invalid x509.CertificateInvalidError
	var names x509.HostnameError
	var record tls.RecordHeaderError
	text := err.Error()
	switch {
	case errors.Is(err, errUnusable):
		return "mend the file"
	case isAuthority(err):
		return "the server's certificate comes from another authority than those in tls.ca; add the one that signed it"
	case errors.As(err, &invalid):
		return remedyForInvalid(invalid.Reason)
	case errors.As(err, &names):
		return remedyForName(names.Certificate)
	case errors.As(err, &record):
		return noTLS
	case strings.Contains(text, "remote error: tls: protocol version"):
		return "the server's TLS is older than 1.2, which is the least; raise ssl.protocol or ssl.enabledProtocols there"
	case strings.Contains(text, "remote error: tls"):
		return "the server refuses the client's certificate; set tls.cert and tls.key to one from an authority that it trusts"
	case strings.Contains(text, RequiresAuth):
		return "the server admits nobody without credentials (enforce.auth): set username, and password, passwordFile or passwordEnv; its enforce.auth.schemes must have digest, the only scheme that there is here"
	case errors.Is(err, zk.ErrAuthFailed):
		return "the server has no use for a username and password: see whether its scheme digest is enabled (DigestAuthenticationProvider.enabled)"
	}
	return ""
}

// RequiresAuth is ZooKeeper's name for the error of a server that admits nobody without
// credentials. Clients other than the vendored one have no error for it.
const RequiresAuth = "SESSIONCLOSEDREQUIRESASLAUTH"

// IsDismissal tells whether a server has ended a connection because it wants other
// credentials. It would do so again.
func IsDismissal(err error) bool {
	return errors.Is(err, zk.ErrAuthFailed) || strings.Contains(err.Error(), RequiresAuth)
}

// isAuthority tells whether a certificate comes from an unknown authority.
func isAuthority(err error) bool {
	var authority x509.UnknownAuthorityError
	return errors.As(err, &authority)
}

// remedyForInvalid says what to do about a certificate that is invalid for a reason.
func remedyForInvalid(reason x509.InvalidReason) string {
	switch reason {
	case x509.Expired:
		return "the server's certificate has expired, or isn't valid yet; renew it"
	case x509.IncompatibleUsage:
		return "the server's certificate is for another use; have one issued for server authentication (extendedKeyUsage serverAuth)"
	case x509.NotAuthorizedToSign:
		return "a certificate that signed the server's, or one in tls.ca, is no authority's; have it issued with CA:TRUE"
	}
	return "the server's certificate can't be used; have another one issued"
}

// mostNames is how many names of a certificate a remedy shows.
const mostNames = 5

// remedyForName says what to do about a certificate that lacks the name of the server. Common
// names don't count.
func remedyForName(c *x509.Certificate) string {
	var names []string
	for _, name := range c.DNSNames {
		names = append(names, problems.Quoted(name))
	}
	for _, ip := range c.IPAddresses {
		names = append(names, problems.Quoted(ip.String()))
	}
	if len(names) == 0 {
		return "the server's certificate has no names but a common name, which doesn't count, so no tls.serverName helps; have one issued with subject alternative names, those in servers"
	}
	if len(names) > mostNames {
		names = append(names[:mostNames], "...")
	}
	return "the server's certificate is for other names; set tls.serverName to one of them: " + strings.Join(names, ", ")
}

// Explanation is what may be behind an error that says little. It gets the format and the
// arguments of a line that the client logs. It is empty where the error says enough.
func Explanation(format string, args []any) string {
	if !strings.HasPrefix(format, noSession) && !strings.HasPrefix(format, NoConnection) {
		return ""
	}
	for _, arg := range args {
		err, isError := arg.(error)
		if !isError {
			continue
		}
		inHandshake := strings.HasPrefix(format, noSession) || strings.Contains(err.Error(), handshakeFailed)
		switch {
		case endsAtOnce(err):
			return "it has closed the connection at once: there may be as many from this address as its maxClientCnxns allows, it may be starting, want TLS at this port or none, be a proxy without a server, or no ZooKeeper"
		case inHandshake && timesOut(err):
			return "it has taken the connection and doesn't answer: it may be overloaded, want TLS at this port or none, or be no ZooKeeper"
		}
	}
	return ""
}

// NoConnection begins the client's line that no server could be connected to.
const NoConnection = "failed to connect"

// noSession begins the client's line that a server has given it no session.
const noSession = "no session at"

// resets matches the errors of a connection that the other side has reset.
//
// Yaegi: there is no package syscall.
var resets = regexp.MustCompile(`connection reset by peer|broken pipe|forcibly closed`)

// endsAtOnce tells whether the other side has closed the connection.
func endsAtOnce(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || resets.MatchString(err.Error())
}

func timesOut(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

// Corrected is the format of a client's line as it should be: upstream's client calls any
// handshake that fails an authentication that has failed, also one that has timed out.
func Corrected(format string) string {
	if format == "authentication failed: %v" {
		return noSession + " the server: %v"
	}
	return format
}
