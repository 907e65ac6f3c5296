package behaviour

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/certificates"
)

// Keys that need a password, in both forms, as openssl writes them.
var encryptedKeys = map[string]string{
	"PKCS #8": `-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg0ERm+e4/wJgICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEHVmxWiCnzxEXXanE5liYIIEgZBD
pHXSwnodJiAD97FIPLnSip3KgsxJw9ikCg279pKS4vNS+KP6d/l8aYThS0uwmmi2
khg6MoKZxn5E8js0irPPZBaoHY+Gsa4zxlW1Rnbz0stFoGIOGQZ3gwig3d51h3So
bE2YqM6Ulu0sC0ZV8aJGQZsioh8oZjXmAhktPuIZrdLFq0U5doCSg7JADlDD6R0=
-----END ENCRYPTED PRIVATE KEY-----
`,
	"the older form": `-----BEGIN EC PRIVATE KEY-----
Proc-Type: 4,ENCRYPTED
DEK-Info: AES-256-CBC,A624EB9DE1D970ADEC10C4CC43AB4434

z2LyndPfB0iC8dIwW95NLsAL+g1+GAB7HGEybUYVJVCSph3DAIchLeG75PTB73Wu
Z8eMziLgSysgiNPDzFOPDDbWcX9Hz/dXNHj2Jcis/pKj4MRwcSpXj9jSPji9XLiP
oeyk1nNyboWIgaREeTK/ErUucpml3yv9u8tJyBGSFlg=
-----END EC PRIVATE KEY-----
`,
}

// An encrypted key is told from one that is broken.
func encrypted(t *testing.T, s *suite) {
	ca := certificates.NewAuthority(t, "authority")
	own := ca.Issue(t, certificates.Request{Client: true})
	keys := map[string]string{"broken": "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"}
	for form, text := range encryptedKeys {
		keys[form] = text
	}
	for form, text := range keys {
		own.Key = filepath.Join(t.TempDir(), "key.pem")
		if err := os.WriteFile(own.Key, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := s.try(t, secured("127.0.0.1:1", tlsWith(ca, own)))
		if err == nil {
			t.Fatalf("%s: no error", form)
		}
		told := strings.Contains(err.Error(), ".tls.key: ") && strings.Contains(err.Error(), "it is encrypted") &&
			strings.Contains(err.Error(), "openssl pkey -in "+own.Key)
		if told != (form != "broken") {
			t.Errorf("%s: %v", form, err)
		}
	}
}
