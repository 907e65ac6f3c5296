package sub

type Pear struct{ n int }

func Make() any { return &Pear{2} }
