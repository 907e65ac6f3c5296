// Yaegi: wrong
package bad

func plain(i int) string {
	switch {
	case i == 1, i == 2: // want taglessswitch
		return "low"
	}
	return "other"
}

func tagged(i int) string {
	switch true {
	case i == 1, i == 2: // want taglessswitch
		return "low"
	}
	return "other"
}

func withInit(i int) string {
	switch j := i; {
	case j == 1, j == 2: // want taglessswitch
		return "low"
	}
	return "other"
}

func Run() string { return plain(2) + "|" + tagged(2) + "|" + withInit(2) }
