package zkserver

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/e2e/internal/parts"
)

// Shell runs what zkCli.sh, a script around it, does with the arguments and with
// commands, a line each, on its input.
func Shell(t testing.TB, input string, arguments ...string) {
	t.Helper()
	zookeeper, err := parts.FindZooKeeper()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(zookeeper.Java, append([]string{"-cp", zookeeper.Classpath, "org.apache.zookeeper.ZooKeeperMain"}, arguments...)...)
	run.Stdin = strings.NewReader(input)
	output, err := run.CombinedOutput()
	text := string(output)
	for _, complaint := range []string{"already exists", "does not exist", "Command not found", "Exception"} {
		if err == nil && strings.Contains(text, complaint) {
			err = fmt.Errorf("it says %q", complaint)
		}
	}
	if err != nil {
		t.Fatalf("zkCli.sh %q: %v\n%s\n%s", arguments, err, input, text)
	}
}
