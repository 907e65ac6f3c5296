package recipes

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/traefik"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// The section for Docker, in a clone of the repository. In the place of Docker is a script
// that only knows the commands of the page; the servers run with what the compose file
// gives them, which e2e/examples compares.
func TestGettingStartedWithDocker(t *testing.T) {
	zk := zkserver.Start(t)
	service := httptest.NewServer(http.HandlerFunc(answer))
	t.Cleanup(service.Close)
	d := newDesk(t)
	example := func(name string) string {
		text, err := os.ReadFile(filepath.Join(parts.Root(), "examples", "compose", name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	zkserver.Shell(t, example("seed.txt"), "-server", zk.Addr())
	tr := traefik.Start(t, strings.NewReplacer("zookeeper:2181", zk.Addr(), "http://whoami:80", service.URL).Replace(example("dynamic.yml")), traefik.Options{})
	_, d.ports["8000"], _ = strings.Cut(strings.TrimPrefix(tr.URL(), "http://"), ":")
	d.provide(t, "docker", `case "$*" in
"compose up --detach") [ -f compose.yml ] ;;
"compose exec zookeeper zkCli.sh "*) shift 4; exec zkCli.sh -server `+zk.Addr()+` "$@" ;;
*) echo "not known here: docker $*"; exit 1 ;;
esac`)
	d.folder = parts.Root()
	d.follow(t, sectionOf(t, gettingStarted, "With Docker"))
}
