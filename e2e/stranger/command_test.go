package stranger

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
	"github.com/mod-zookeeper/traefik-zookeeper/patches"
)

const replaceLine = "replace " + patches.Module + " => ./third_party/zk\n"

// expect runs the command, with or without a version, and compares what it prints. Where it
// should fail, go run adds the status to what it prints.
func (s *stranger) expect(status, want string, arguments ...string) {
	s.t.Helper()
	output, err := s.run(append([]string{"run"}, arguments...)...)
	ended := "0"
	if err != nil {
		_, ended, _ = strings.Cut(output, "exit status ")
	}
	if strings.TrimSpace(ended) != status || !strings.Contains(output, want) {
		s.t.Errorf("%s: status %s, want %s; it prints %q, want %q", strings.Join(arguments, " "), ended, status, output, want)
	}
}

// The command makes the client, adds the line to go.mod, and changes nothing the second time.
// Its check finds what differs.
func TestCommandMakesTheClient(t *testing.T) {
	s := newStranger(t)
	s.withProgram()
	before := s.must("mod", "tidy") + s.read("go.mod")
	s.expect("1", "third_party/zk: run this command without -check, and commit what it changes", command, "-check")
	if s.read("go.mod") != before {
		t.Error("the check has changed go.mod")
	}
	s.expect("0", "third_party/zk is github.com/go-zookeeper/zk v1.0.4 with patches\ngo.mod replaces github.com/go-zookeeper/zk by it\n", command)
	after := s.read("go.mod")
	if after != before+"\n"+replaceLine {
		t.Errorf("go.mod is\n%s", after)
	}
	s.expect("0", "third_party/zk is github.com/go-zookeeper/zk v1.0.4 with patches\n", command)
	s.expect("0", "", command, "-check")
	s.must("mod", "tidy")
	if s.read("go.mod") != after {
		t.Errorf("go.mod is\n%s", s.read("go.mod"))
	}

	s.write("third_party/zk/conn.go", "package zk\n")
	s.expect("1", "conn.go is not upstream's with the patches: run", command+"@"+ourVersion, "-check")
	s.expect("0", "", command+"@"+ourVersion)
	s.write("third_party/zk/former.go", "package zk\n")
	s.expect("1", "former.go is not a file of the client: run", command, "-check")
	s.expect("0", "", command)
	s.expect("0", "", command, "-check")
	s.must("vet", ".")

	s.must("mod", "edit", "-dropreplace="+patches.Module)
	s.expect("1", "go.mod doesn't replace github.com/go-zookeeper/zk by ./third_party/zk: run", command, "-check")
	s.expect("0", "go.mod replaces", command)

	if err := os.RemoveAll(filepath.Join(s.dir, "third_party")); err != nil {
		t.Fatal(err)
	}
	s.expect("1", "there is no folder ", command+"@"+ourVersion, "-check")
	s.expect("0", "third_party/zk is", command+"@"+ourVersion)
	s.expect("0", "", command, "-check")
}

// The folder has upstream's licence, and says where it comes from.
func TestClientTellsItsOrigin(t *testing.T) {
	s := newStranger(t)
	s.withProgram()
	s.expect("0", "", command, "-dir", "internal/zk/client")
	if !strings.Contains(s.read("go.mod"), "replace "+patches.Module+" => ./internal/zk/client\n") {
		t.Errorf("go.mod is\n%s", s.read("go.mod"))
	}
	licence, origin := s.read("internal/zk/client/LICENSE"), s.read("internal/zk/client/ORIGIN.md")
	if !strings.Contains(licence, "Redistribution and use in source and binary forms") {
		t.Errorf("the licence is %q", licence)
	}
	for _, want := range []string{patches.Module + " " + patches.Version, "LICENSE", ourModule, "## 0001-load.patch"} {
		if !strings.Contains(origin, want) {
			t.Errorf("the origin says nothing of %s", want)
		}
	}
	s.expect("2", "go.mod replaces github.com/go-zookeeper/zk by ./internal/zk/client already: take that line out, or name the folder with -dir", command)
	s.expect("0", "", command, "-dir", "internal/zk/client", "-check")
}

// It works in folders below go.mod, in a workspace, and says where vendor is to be made anew.
func TestCommandInOtherModules(t *testing.T) {
	s := newStranger(t)
	s.withProgram()
	s.must("mod", "tidy")
	s.must("mod", "vendor")
	s.write("below/below.go", "package below\n")
	s.write("go.work", "go 1.22\n\nuse .\n")
	output, err := s.runIn(filepath.Join(s.dir, "below"), "run", command)
	if err != nil || !strings.Contains(output, "run go mod vendor") {
		t.Errorf("%v: %s", err, output)
	}
	s.expect("0", "", command, "-check")
	s.must("mod", "vendor")
	if !strings.Contains(s.read("vendor/"+patches.Module+"/async.go"), "GetAsync") {
		t.Error("vendor has upstream's client")
	}
	s.must("build", "-mod=vendor", "-o", os.DevNull, ".")
}

// What the command can't do, it says, with a remedy, and leaves all as it was.
func TestCommandThatCanNotWork(t *testing.T) {
	atVersion := command + "@" + ourVersion
	s := newStranger(t)
	s.expect("2", "doesn't use the client: run go get "+ourModule+" first", atVersion)
	s.withProgram()
	before := s.read("go.mod")
	s.expect("2", `"third_party/zk" is no flag; see -help`, command, "third_party/zk")
	for _, dir := range []string{".", "..", "../zk", "/zk", ""} {
		s.expect("2", "name a folder below the one of go.mod", command, "-dir", dir)
	}
	s.write("mine/mine.go", "package mine\n")
	s.expect("2", "has files that aren't the client's, as mine.go: choose a folder for the client alone", command, "-dir", "mine")
	if s.read("go.mod") != before || s.read("mine/mine.go") != "package mine\n" {
		t.Error("something is lost")
	}
	s.must("mod", "edit", "-require="+patches.Module+"@v1.0.9")
	s.expect("2", "go.mod requires github.com/go-zookeeper/zk v1.0.9, and the patches fit v1.0.4: run go get", atVersion)

	empty := t.TempDir()
	output, err := s.runIn(empty, "run", atVersion)
	if err == nil || !strings.Contains(output, "there is no go.mod here or in a folder above") {
		t.Errorf("%v: %s", err, output)
	}
	s.write("go.mod", before)
	s.must("mod", "tidy")
	s.environment = append(s.environment, "GOPROXY=off", "GOMODCACHE="+t.TempDir())
	program := exec.Command(builtCommand(t))
	program.Dir, program.Env = s.dir, s.environment
	text, err := program.CombinedOutput()
	output = string(text)
	if err == nil || !strings.Contains(output, "downloading github.com/go-zookeeper/zk v1.0.4: ") {
		t.Errorf("%v: %s", err, output)
	}
}

// builtCommand is the command, built in the work tree.
func builtCommand(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "zkclient")
	build := exec.Command("go", "build", "-o", binary, "./cmd/zkclient")
	build.Dir = parts.Root()
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return binary
}
