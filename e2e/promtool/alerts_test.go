// Package promtool has Prometheus' own tool check and test the alert rules of the examples.
package promtool

import (
	"os/exec"
	"strings"
	"testing"
)

const examples = "../../examples/grafana/"

// promtool runs the tool, and returns what it says and how it ended.
func promtool(args ...string) (string, error) {
	said, err := exec.Command("go", append([]string{"tool", "promtool"}, args...)...).CombinedOutput()
	return string(said), err
}

func TestAlertsAreRules(t *testing.T) {
	said, err := promtool("check", "rules", "--lint=all", "--lint-fatal", examples+"alerts.yml")
	if err != nil || !strings.Contains(said, "SUCCESS") {
		t.Errorf("%v\n%s", err, said)
	}
}

// Each alert comes when it should, not before, and ends.
func TestAlertsComeAndEnd(t *testing.T) {
	said, err := promtool("test", "rules", examples+"alerts_test.yml")
	if err != nil || !strings.Contains(said, "SUCCESS") {
		t.Errorf("%v\n%s", err, said)
	}
}
