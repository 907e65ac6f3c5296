package zookeeper

import (
	"encoding/json"
	"fmt"
	"log"
	"sync/atomic"
	"time"
)

// Traefik shows what a plugin prints through fmt at DEBUG and what it prints
// through log at ERROR; there is no level between them. So errors and warnings go
// one way, all else the other.

type logLevel int32

const (
	levelError logLevel = iota
	levelWarn
	levelInfo
	levelDebug
)

var levelNames = []string{"error", "warn", "info", "debug"}

const (
	formatOfLogText = "text"
	formatOfLogJSON = "json"
)

// logging is what goes into the log, and how, for the whole process.
var (
	loggedLevel atomic.Int32
	loggedJSON  atomic.Bool
	logger      atomic.Value // of func(level, message string)
)

func init() { loggedLevel.Store(int32(levelInfo)) }

// isLogged tells whether a line of this level goes into the log.
func isLogged(level logLevel) bool { return loggedLevel.Load() >= int32(level) }

// SetLogger has the package's messages go to a function, which gets the level
// (error, warn, info or debug) and the message, from any goroutine. It takes the
// place of standard output, for info and debug, and of package log, for the others;
// nil brings them back.
func SetLogger(write func(level, message string)) {
	logger.Store(write)
}

// logOf writes a line about a cluster or a middleware.
func logOf(level logLevel, kind, name, format string, args ...any) {
	if loggedLevel.Load() < int32(level) {
		return
	}
	message := fmt.Sprintf(format, args...)
	write, isSet := logger.Load().(func(level, message string))
	switch {
	case isSet && write != nil:
		write(levelNames[level], subjectOf(kind, name)+message)
	case loggedJSON.Load():
		printLine(level, jsonLine(level, kind, name, message))
	default:
		printLine(level, "zookeeper: "+subjectOf(kind, name)+message)
	}
}

func subjectOf(kind, name string) string {
	if kind == "" {
		return ""
	}
	return kind + " " + name + ": "
}

func jsonLine(level logLevel, kind, name, message string) string {
	fields := map[string]string{
		"time": time.Now().UTC().Format(time.RFC3339Nano), "level": levelNames[level], "logger": "zookeeper", "message": message,
	}
	if kind != "" {
		fields[kind] = name
	}
	line, _ := json.Marshal(fields) // strings can't fail
	return string(line)
}

func printLine(level logLevel, line string) {
	switch {
	case level >= levelInfo:
		fmt.Println(line)
	case loggedJSON.Load():
		_, _ = log.Writer().Write([]byte(line + "\n")) // without the time in front, which it has already
	default:
		log.Println(line)
	}
}

func logCluster(level logLevel, name, format string, args ...any) {
	if level == levelWarn && !mayWarn(name) {
		return
	}
	logOf(level, "cluster", name, format, args...)
}

func logMiddleware(level logLevel, name, format string, args ...any) {
	logOf(level, "middleware", name, format, args...)
}

func isLogFormat(name string) bool { return name == formatOfLogText || name == formatOfLogJSON }

func levelOf(name string) (logLevel, bool) {
	for i, known := range levelNames {
		if known == name {
			return logLevel(i), true
		}
	}
	return levelInfo, false
}

// adjustLog grants wishes: the most talkative level, and JSON where any wants it.
func adjustLog(wishes []logWish) {
	level, asJSON, wished := levelError, false, false
	for _, wish := range wishes {
		wanted, set := levelOf(wish.level)
		if set && wanted > level {
			level = wanted
		}
		wished = wished || set
		asJSON = asJSON || wish.format == formatOfLogJSON
	}
	if !wished {
		level = levelInfo
	}
	loggedLevel.Store(int32(level))
	loggedJSON.Store(asJSON)
}
