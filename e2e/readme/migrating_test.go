package readme

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

var indentedFence = regexp.MustCompile("(?s)   ```(\\w+)\n(.*?)   ```")

// walk are the blocks of the steps from httpd to Traefik, as language and text.
func walk(t *testing.T) [][2]string {
	t.Helper()
	_, steps, _ := strings.Cut(text(t, "docs/migrating.md"), "\n### Step by step\n")
	steps, _, found := strings.Cut(steps, "\n## ")
	if !found {
		t.Fatal("there are no steps")
	}
	var blocks [][2]string
	for _, match := range indentedFence.FindAllStringSubmatch(steps, -1) {
		blocks = append(blocks, [2]string{match[1], strings.ReplaceAll(match[2], "\n   ", "\n")[len("   "):]})
	}
	return blocks
}

// Who takes the steps from httpd to Traefik, one after the other, sees what they promise.
func TestMigratingFromHTTPD(t *testing.T) {
	zk := zkserver.Start(t)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { r.Header.Write(w) }))
	t.Cleanup(service.Close)
	local := strings.NewReplacer("zk1:2181,zk2:2181", zk.Addr(), "http://127.0.0.1:8080", service.URL)
	files := []string{"shop.yml", "values.yml"} // in the order of the steps
	var tr *traefik.Traefik
	requests := 0
	for _, block := range walk(t) {
		switch language, text := block[0], block[1]; {
		case language == "yaml" && tr == nil:
			static := flat(t, text)
			delete(static, "entryPoints.web.address")
			delete(static, "providers.file.directory")
			tr = traefik.Start(t, "", traefik.Options{Static: static})
		case language == "yaml":
			if err := tr.WriteFile(files[0], local.Replace(text)); err != nil {
				t.Fatal(err)
			}
			files = files[1:]
		case language == "sh":
			zkserver.Shell(t, strings.ReplaceAll(text, "zkCli.sh -server zk1:2181 ", ""), "-server", zk.Addr())
		case language == "console":
			requests++
			awaitExchange(t, tr, text)
		default:
			t.Errorf("no test runs the block %s", block)
		}
	}
	if len(files) != 0 || requests != 3 {
		t.Errorf("%d requests, and no step writes %q", requests, files)
	}
}

// awaitExchange waits until a request is answered as a block shows: with that status, and with
// these lines in the body.
func awaitExchange(t *testing.T, tr *traefik.Traefik, exchange string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(exchange), "\n")
	path, isCurl := strings.CutPrefix(lines[0], "$ curl --include http://127.0.0.1:8000")
	if !isCurl || len(lines) < 3 {
		t.Fatalf("no test runs %q", exchange)
	}
	err := tr.Await(func() error {
		response, err := http.Get(tr.URL() + path)
		if err != nil {
			return err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		got := response.Proto + " " + response.Status + "\n" + strings.ReplaceAll(string(body), "\r", "") + "\n"
		if err != nil || !strings.HasPrefix(got, lines[1]+"\n") {
			return errors.Join(err, fmt.Errorf("%s gives %q instead of %q", lines[0], got, exchange))
		}
		for _, line := range lines[2:] {
			if !strings.Contains(got, "\n"+line+"\n") {
				return fmt.Errorf("%s gives %q without the line %q", lines[0], got, line)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
