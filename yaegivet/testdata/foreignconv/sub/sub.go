package sub

type Count func() int

type Level int

type Names []string

func Three() int { return 3 }
