package zookeeper

// A logWish is what a middleware wants of the log; empty where it says nothing.
type logWish struct{ level, format string }

// saysNothing tells whether a middleware leaves the log to others.
func saysNothing(wish logWish) bool { return wish.level == "" && wish.format == "" }
