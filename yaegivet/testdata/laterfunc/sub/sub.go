package sub

func Upper(r rune) rune { return r - 32 }
