package stranger

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

var shellBlock = regexp.MustCompile("(?s)```sh\n(.*?)```")

// Who does what the document says under Install has the patched client. There are no other
// commands in the document.
func TestInstallAsTheDocumentSays(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(parts.Root(), "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, install, found := strings.Cut(string(text), "\n## Install\n")
	install, _, ends := strings.Cut(install, "\n## ")
	blocks := shellBlock.FindAllStringSubmatch(install, -1)
	if all := shellBlock.FindAllString(string(text), -1); !found || !ends || len(blocks) != 2 || len(all) != 2 {
		t.Fatalf("%d blocks of commands, %d of them under Install", len(all), len(blocks))
	}
	s := newStranger(t)
	if err := os.CopyFS(s.dir, os.DirFS(filepath.Join("testdata", "program"))); err != nil {
		t.Fatal(err)
	}
	for _, block := range blocks {
		run := exec.Command("sh", "-ec", block[1])
		run.Dir, run.Env = s.dir, s.environment
		if output, err := run.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", block[1], err, output)
		}
	}
	s.build()
	if !strings.Contains(s.read("go.mod"), replaceLine) || !strings.Contains(s.read("third_party/zk/async.go"), "GetAsync") {
		t.Errorf("the client isn't the patched one; go.mod is\n%s", s.read("go.mod"))
	}
}
