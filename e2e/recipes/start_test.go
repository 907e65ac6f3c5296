package recipes

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/plugin"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/port"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/process"
	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/zkserver"
)

// A desk is where somebody follows docs/getting-started.md: an empty folder, and the
// commands that the page says one needs. Ports are the only thing that differs from the page.
type desk struct {
	folder string // where the commands run
	bin    string // in front of the PATH
	ports  map[string]string
	typed  map[string]*process.Process // what runs in a terminal of its own, by its first word
}

// servers are the commands that run in a terminal of their own, with the ports on which
// the page has them listen.
var servers = map[string]string{"zkServer.sh": "2181", "python3": "9000", "traefik": "8000"}

func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{folder: t.TempDir(), bin: t.TempDir(), ports: map[string]string{}, typed: map[string]*process.Process{}}
	for _, number := range []string{"2181", "8000", "8001", "9000"} {
		reserved, err := port.Reserve()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(reserved.Release)
		d.ports[number] = fmt.Sprint(reserved.Number)
	}
	zookeeper, err := parts.FindZooKeeper()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := parts.FindTraefik()
	if err != nil {
		t.Fatal(err)
	}
	java := fmt.Sprintf("exec '%s' -Dorg.slf4j.simpleLogger.defaultLogLevel=error -cp '%s' ", zookeeper.Java, zookeeper.Classpath)
	d.provide(t, "traefik", "exec '"+binary+`' "$@"`)
	d.provide(t, "zkServer.sh", `[ "$1" = start-foreground ] || exit 1; `+java+`org.apache.zookeeper.server.quorum.QuorumPeerMain "$2"`)
	d.provide(t, "zkCli.sh", java+`org.apache.zookeeper.ZooKeeperMain "$@"`)
	d.provide(t, "curl", download(t))
	return d
}

// provide puts a command on the PATH.
func (d *desk) provide(t *testing.T, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(d.bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// download is a curl that has the archive of the latest release, and nothing else.
func download(t *testing.T) string {
	t.Helper()
	version, err := plugin.Release()
	if err != nil {
		t.Fatal(err)
	}
	files, err := plugin.Files()
	if err != nil {
		t.Fatal(err)
	}
	text, err := plugin.Archive(files)
	if err != nil {
		t.Fatal(err)
	}
	name := "traefik-zookeeper-" + version + ".tar.gz"
	archive := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(archive, text, 0o644); err != nil {
		t.Fatal(err)
	}
	url := "https://" + plugin.Module + "/releases/download/" + version + "/" + name
	return `[ "$*" = "--location --remote-name ` + url + `" ] || { echo "not the latest release: $*"; exit 1; }; cp '` + archive + `' .`
}

// here is a text of the page with the ports of this desk.
func (d *desk) here(text string) string {
	for number, own := range d.ports {
		text = regexp.MustCompile(`\b`+number+`\b`).ReplaceAllString(text, own)
	}
	return text
}

var (
	introduced = regexp.MustCompile("(?s)([^\n]*)\n\n```(\\w+)\n(.*?)```")
	fileName   = regexp.MustCompile("The file `([^`]+)`:$")
)

// follow does what a section says, block by block, in its order.
func (d *desk) follow(t *testing.T, section string) {
	t.Helper()
	for _, match := range introduced.FindAllStringSubmatch(section, -1) {
		introduction, language, text := match[1], match[2], d.here(match[3])
		switch language {
		case "sh":
			d.run(t, text)
		case "console":
			for _, e := range exchanges(t, text) {
				d.await(t, e)
			}
		default:
			name := fileName.FindStringSubmatch(introduction)
			if name == nil {
				t.Fatalf("no file is named for\n%s", text)
			}
			d.write(t, name[1], text)
		}
	}
}

func (d *desk) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(d.folder, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// run runs commands. The folder that they change to is that of the next ones.
func (d *desk) run(t *testing.T, commands string) {
	t.Helper()
	first, _, _ := strings.Cut(commands, " ")
	if number := servers[first]; number != "" {
		d.start(t, first, strings.TrimSpace(commands), number)
		return
	}
	shell := exec.Command("sh", "-eu", "-c", commands+"\npwd >'"+d.bin+"/folder'")
	shell.Dir, shell.Env = d.folder, d.environment()
	output, err := shell.CombinedOutput()
	for _, complaint := range []string{"already exists", "does not exist", "Command not found", "Exception"} {
		if err == nil && strings.Contains(string(output), complaint) {
			err = fmt.Errorf("it says %q", complaint)
		}
	}
	if err != nil {
		t.Fatalf("%s\n%v\n%s", commands, err, output)
	}
	folder, err := os.ReadFile(filepath.Join(d.bin, "folder"))
	if err != nil {
		t.Fatal(err)
	}
	d.folder = strings.TrimSpace(string(folder))
}

func (d *desk) environment() []string {
	return append(os.Environ(), "PATH="+d.bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

// start starts a server, as in a terminal of its own, and waits until it listens.
func (d *desk) start(t *testing.T, name, command, number string) {
	t.Helper()
	shell := exec.Command("sh", "-c", "exec "+command)
	shell.Dir, shell.Env = d.folder, d.environment()
	running, err := process.Start(shell)
	if err != nil {
		t.Fatal(err)
	}
	d.typed[name] = running
	t.Cleanup(func() {
		running.Kill()
		if t.Failed() {
			t.Logf("%s printed:\n%s", command, running.Tail())
		}
	})
	address := "127.0.0.1:" + d.ports[number]
	d.until(t, func() error {
		if name == "zkServer.sh" {
			return serves(address)
		}
		connection, err := net.Dial("tcp", address)
		if err == nil {
			connection.Close()
		}
		return err
	})
}

// serves tells whether ZooKeeper serves, which it does some time after it listens.
func serves(address string) error {
	admin, err := zkserver.Connect(address, nil)
	if err != nil {
		return err
	}
	defer admin.Close()
	_, _, err = admin.Conn.Exists("/")
	return err
}

// await sends a request of the page until the answer is as the page shows it.
func (d *desk) await(t *testing.T, e exchange) {
	t.Helper()
	d.until(t, func() error {
		request, err := http.NewRequest(http.MethodGet, e.url, nil)
		if err != nil {
			return err
		}
		request.Host = e.host
		return e.do(request)
	})
}

const patience = time.Minute

func (d *desk) until(t *testing.T, holds func() error) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(10 * time.Millisecond) {
		err := holds()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("after %s: %v", patience, err)
		}
	}
}

const gettingStarted = "docs/getting-started.md"

// sectionOf is a section of a page.
func sectionOf(t *testing.T, page, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(parts.Root(), page))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range sections(page, string(text)) {
		if r.name == name {
			return r.text
		}
	}
	t.Fatalf("%s has no section %s", page, name)
	return ""
}

// Whoever has a Traefik binary, a ZooKeeper and a service, and types what the readme says, gets
// the answers that it shows.
func TestReadme(t *testing.T) {
	d := newDesk(t)
	zk := zkserver.Start(t)
	zk.Client(t).Put("/edge", nil)
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { r.Header.Write(w) }))
	t.Cleanup(service.Close)
	d.ports["2181"] = portOf(zk.Addr())
	d.ports["8080"] = portOf(service.Listener.Addr().String())
	section := strings.NewReplacer("zk1:2181,zk2:2181,zk3:2181", zk.Addr(), "zk1:2181", zk.Addr(), "address: :8000", "address: 127.0.0.1:8000").Replace(sectionOf(t, "readme.md", "Install it"))
	opens, closes, isCut := strings.Cut(section, "Your service answers now")
	if !isCut {
		t.Fatal("where does the service answer?")
	}
	d.follow(t, opens)
	d.sees(t, "/", "HTTP/1.1 200 OK", "X-Release: 2026.1")
	d.follow(t, closes)
	d.sees(t, "/", "HTTP/1.1 403 Forbidden", "The new checkout opens soon.")
}

func portOf(address string) string {
	_, number, _ := net.SplitHostPort(address)
	return number
}

// Whoever follows the page in an empty folder, word for word, gets the answers that it
// shows; and what it says where something is wrong.
func TestGettingStarted(t *testing.T) {
	d := newDesk(t)
	d.follow(t, sectionOf(t, gettingStarted, "With a Traefik binary"))

	// The table of what differs.
	d.run(t, d.here("zkCli.sh -server 127.0.0.1:2181 delete /release/current\n"))
	d.sees(t, "/", "HTTP/1.1 200 OK", "X-Release: none")
	d.typed["python3"].Kill()
	d.sees(t, "/", "HTTP/1.1 502 Bad Gateway")
	d.run(t, d.here("zkCli.sh -server 127.0.0.1:2181 delete /flags/checkout\n"))
	d.sees(t, "/checkout", "HTTP/1.1 403 Forbidden")
	d.typed["traefik"].Kill()
	if _, err := http.Get(d.here("http://127.0.0.1:8000/")); err == nil {
		t.Error("there is an answer without Traefik")
	}
	d.run(t, "mkdir elsewhere && mv plugins-local dynamic elsewhere\n")
	d.run(t, "traefik --configFile=traefik.yml\n")
	d.sees(t, "/", "HTTP/1.1 404 Not Found", "404 page not found")
	if text := d.typed["traefik"].Tail(); !strings.Contains(text, "ERR") {
		t.Errorf("Traefik's terminal has no line with ERR:\n%s", text)
	}
}

// sees waits for lines of the answer to a request.
func (d *desk) sees(t *testing.T, path string, lines ...string) {
	t.Helper()
	d.await(t, exchange{command: path, url: d.here("http://127.0.0.1:8000") + path, lines: lines})
}
