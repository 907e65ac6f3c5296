package sub

var Next func(rune) rune

func init() { Next = next }

func next(r rune) rune { return r + 1 }

func After(r rune) rune { return r + 2 }
