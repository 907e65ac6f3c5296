package sub

func Triple(i int) int { return 3 * i }
