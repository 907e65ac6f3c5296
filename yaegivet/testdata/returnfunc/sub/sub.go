package sub

type Count func() int

func Three() int { return 3 }

func Four() int { return 4 }

var Shared = Four
