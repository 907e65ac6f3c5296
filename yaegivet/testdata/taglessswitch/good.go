package good

func plain(i int) string {
	switch {
	case i == 1 || i == 2:
		return "low"
	case i == 3:
		return "three"
	}
	return "other"
}

func tagged(i int) string {
	switch i {
	case 1, 2:
		return "low"
	}
	return "other"
}

func Run() string { return plain(2) + plain(3) + tagged(2) + tagged(4) }
