package log

import (
	"bytes"
	"encoding/json"
	"log"
	"reflect"
	"strings"
	"testing"
	"time"
)

// logAs has a level and a format in force until the test ends.
func logAs(t *testing.T, level Level, asJSON bool) {
	t.Helper()
	levelBefore, formatBefore := loggedLevel.Load(), loggedJSON.Load()
	t.Cleanup(func() {
		loggedLevel.Store(levelBefore)
		loggedJSON.Store(formatBefore)
	})
	loggedLevel.Store(int32(level))
	loggedJSON.Store(asJSON)
}

// logged is what a function logs about a middleware of that name.
func logged(t *testing.T, name string, do func()) []string {
	t.Helper()
	var lines []string
	SetLogger(func(level, message string) {
		if strings.Contains(message, " "+name+": ") {
			lines = append(lines, level+" "+message)
		}
	})
	defer SetLogger(nil)
	do()
	return lines
}

// A level lets through what is at least as important.
func TestLevelsOfTheLog(t *testing.T) {
	all := []string{"error middleware levels: 1 of 4", "warn middleware levels: 2 of 4", "info middleware levels: 3 of 4", "debug middleware levels: 4 of 4"}
	for level := LevelError; level <= LevelDebug; level++ {
		logAs(t, level, false)
		got := logged(t, "levels", func() {
			for l := LevelError; l <= LevelDebug; l++ {
				Middleware(l, "levels", "%d of %d", l+1, 4)
			}
		})
		if want := all[:level+1]; !reflect.DeepEqual(got, want) {
			t.Errorf("at the level %s the log has %q, want %q", levelNames[level], got, want)
		}
	}
}

func TestNamesOfLevels(t *testing.T) {
	for i, name := range []string{"error", "warn", "info", "debug"} {
		if level, known := ParseLevel(name); level != Level(i) || !known {
			t.Errorf("%s is the level %d, %t", name, level, known)
		}
	}
	for _, name := range []string{"", "INFO", "warning", "trace"} {
		if level, known := ParseLevel(name); level != LevelInfo || known {
			t.Errorf("%q is the level %d, %t", name, level, known)
		}
	}
}

// captureLog has what goes through package log written to a buffer, until the test ends.
func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var buffer bytes.Buffer
	writer, flags := log.Writer(), log.Flags()
	t.Cleanup(func() {
		log.SetOutput(writer)
		log.SetFlags(flags)
	})
	log.SetOutput(&buffer)
	log.SetFlags(0)
	return &buffer
}

// Without a logger, errors and warnings go through package log.
func TestErrorsGoThroughPackageLog(t *testing.T) {
	logAs(t, LevelInfo, false)
	lines := captureLog(t)
	Cluster(LevelError, "printed", "%s", "broken")
	Middleware(LevelWarn, "printed", "odd")
	Process(LevelError, "about nobody")
	want := "zookeeper: cluster printed: broken\nzookeeper: middleware printed: odd\nzookeeper: about nobody\n"
	if lines.String() != want {
		t.Errorf("%q, want %q", lines, want)
	}
}

// A line in JSON is an object of strings, and nothing stands in front of it.
func TestLogInJSON(t *testing.T) {
	logAs(t, LevelInfo, true)
	lines := captureLog(t)
	log.SetFlags(log.LstdFlags)
	Cluster(LevelError, "main", "a %q\nand a line break", "quote")
	var fields map[string]string
	if err := json.Unmarshal(lines.Bytes(), &fields); err != nil || strings.Count(lines.String(), "\n") != 1 {
		t.Fatalf("%q: %v", lines, err)
	}
	if _, err := time.Parse(time.RFC3339Nano, fields["time"]); err != nil || !strings.HasSuffix(fields["time"], "Z") {
		t.Errorf("the time is %q: %v", fields["time"], err)
	}
	delete(fields, "time")
	want := map[string]string{"level": "error", "logger": "zookeeper", "cluster": "main", "message": "a \"quote\"\nand a line break"}
	if !reflect.DeepEqual(fields, want) {
		t.Errorf("%q, want %q", fields, want)
	}
	lines.Reset()
	Process(LevelWarn, "about nobody")
	if strings.Contains(lines.String(), "cluster") || strings.Contains(lines.String(), "middleware") {
		t.Errorf("%q", lines)
	}
}

// A logger gets the text, whatever the format, and nil takes it away.
func TestLoggerOfTheProgram(t *testing.T) {
	logAs(t, LevelInfo, true)
	lines := captureLog(t)
	got := logged(t, "own", func() { Middleware(LevelError, "own", "broken") })
	if want := []string{"error middleware own: broken"}; !reflect.DeepEqual(got, want) || lines.Len() > 0 {
		t.Errorf("%q, and in package log %q", got, lines)
	}
	Middleware(LevelError, "own", "after that")
	if !strings.Contains(lines.String(), "after that") {
		t.Error("the logger is still there")
	}
}

// The most verbose level counts, and JSON where anybody wants it.
func TestSettingsOfAllMiddlewares(t *testing.T) {
	logAs(t, LevelInfo, false)
	for _, c := range []struct {
		all    []Settings
		level  Level
		asJSON bool
	}{
		{nil, LevelInfo, false},
		{[]Settings{{}}, LevelInfo, false},
		{[]Settings{{Level: "error"}}, LevelError, false},
		{[]Settings{{Level: "error"}, {Level: "debug"}, {Level: "warn"}}, LevelDebug, false},
		{[]Settings{{Format: "json"}, {Level: "warn", Format: "text"}}, LevelWarn, true},
	} {
		Apply(c.all)
		if level, asJSON := Level(loggedLevel.Load()), loggedJSON.Load(); level != c.level || asJSON != c.asJSON {
			t.Errorf("%+v: level %s, JSON %t", c.all, levelNames[level], asJSON)
		}
		for level := LevelError; level <= LevelDebug; level++ {
			if IsLogged(level) != (level <= c.level) {
				t.Errorf("%+v: %s is logged: %t", c.all, levelNames[level], IsLogged(level))
			}
		}
	}
	if !(&Settings{}).IsEmpty() || (&Settings{Format: "json"}).IsEmpty() || (&Settings{Level: "info"}).IsEmpty() {
		t.Error("settings are empty where they say something, or aren't where they don't")
	}
}
