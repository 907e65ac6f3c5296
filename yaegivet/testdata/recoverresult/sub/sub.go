package sub

// Rescue is deferred.
func Rescue() { recover() }
