package log

// Settings are what a middleware wants of the log, which all middlewares of the process
// share.
type Settings struct {
	Level  string // error, warn, info or debug; empty where the middleware leaves it to others
	Format string // text or json; empty where the middleware leaves it to others
}

// IsEmpty tells whether a middleware leaves everything to the others.
func (s *Settings) IsEmpty() bool { return s.Level == "" && s.Format == "" }

// IsFormat tells whether there is a format of that name.
func IsFormat(name string) bool { return name == formatText || name == formatJSON }

// ParseLevel returns the level of that name. The second result is false where there is
// none, and the first one is LevelInfo then.
func ParseLevel(name string) (Level, bool) {
	for i, known := range levelNames {
		if known == name {
			return Level(i), true
		}
	}
	return LevelInfo, false
}

// Apply puts the settings of all middlewares in force. The most verbose level counts,
// and JSON where any of them wants it. Where none names a level, it is LevelInfo.
func Apply(all []Settings) {
	level, asJSON, isNamed := LevelError, false, false
	for _, settings := range all {
		wanted, known := ParseLevel(settings.Level)
		if known && wanted > level {
			level = wanted
		}
		isNamed = isNamed || known
		asJSON = asJSON || settings.Format == formatJSON
	}
	if !isNamed {
		level = LevelInfo
	}
	loggedLevel.Store(int32(level))
	loggedJSON.Store(asJSON)
}
