// Package log writes the plugin's lines into the proxy's log, or hands them to the
// program's own logger. The level, the format and the logger hold for the whole process,
// since the middlewares of a process share its output.
package log

import (
	"encoding/json"
	"fmt"
	"log"
	"sync/atomic"
	"time"
)

// Traefik shows what a plugin prints through fmt at DEBUG, and what it prints through
// package log at ERROR. It has no level in between. So errors and warnings go through
// package log, and all other lines through fmt.

// A Level says how important a line is. A lower one is more important.
type Level int32

// The levels, as logLevel names them in the configuration.
const (
	LevelError Level = iota // somebody has to do something
	LevelWarn               // something is wrong, and may pass by itself
	LevelInfo               // something has happened as it should; the default
	LevelDebug              // each change of a node
)

var levelNames = []string{"error", "warn", "info", "debug"}

const (
	formatText = "text"
	formatJSON = "json"
)

// What is in force for the whole process.
var (
	loggedLevel atomic.Int32
	loggedJSON  atomic.Bool
	logger      atomic.Value // of func(level, message string)
)

func init() { loggedLevel.Store(int32(LevelInfo)) }

// IsLogged tells whether a line of this level goes into the log.
func IsLogged(level Level) bool { return loggedLevel.Load() >= int32(level) }

// SetLogger hands all lines to a function of the program, which gets the level (error,
// warn, info or debug) and the message. It is called from any goroutine. Standard output
// and package log get nothing then. With nil, they get the lines again.
func SetLogger(write func(level, message string)) {
	logger.Store(write)
}

// Process writes a line about the whole process. The format is one of package fmt.
func Process(level Level, format string, args ...any) {
	writeLine(level, &subject{}, format, args...)
}

// Cluster writes a line about a cluster. Of warnings about one cluster, only so many are
// written: 200 at once, and then one a second.
func Cluster(level Level, name, format string, args ...any) {
	if level == LevelWarn && !mayWarn(name) {
		return
	}
	writeLine(level, &subject{kind: "cluster", name: name}, format, args...)
}

// Middleware writes a line about a middleware.
func Middleware(level Level, name, format string, args ...any) {
	writeLine(level, &subject{kind: "middleware", name: name}, format, args...)
}

// A subject is what a line is about. Without a kind, that is the whole process.
type subject struct{ kind, name string }

func (s *subject) prefix() string {
	if s.kind == "" {
		return ""
	}
	return s.kind + " " + s.name + ": "
}

func writeLine(level Level, about *subject, format string, args ...any) {
	if !IsLogged(level) {
		return
	}
	message := fmt.Sprintf(format, args...)
	write, isSet := logger.Load().(func(level, message string))
	switch {
	case isSet && write != nil:
		write(levelNames[level], about.prefix()+message)
	case loggedJSON.Load():
		printLine(level, jsonLine(level, about, message))
	default:
		printLine(level, "zookeeper: "+about.prefix()+message)
	}
}

func jsonLine(level Level, about *subject, message string) string {
	fields := map[string]string{
		"time": time.Now().UTC().Format(time.RFC3339Nano), "level": levelNames[level], "logger": "zookeeper", "message": message,
	}
	if about.kind != "" {
		fields[about.kind] = about.name
	}
	line, _ := json.Marshal(fields) // strings can't fail
	return string(line)
}

func printLine(level Level, line string) {
	switch {
	case level >= LevelInfo:
		fmt.Println(line)
	case loggedJSON.Load():
		_, _ = log.Writer().Write([]byte(line + "\n")) // log.Println would put the time in front, which the line has already
	default:
		log.Println(line)
	}
}
