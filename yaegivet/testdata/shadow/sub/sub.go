package sub

type Point struct{ X int }

type Level int

func Get() Point { return Point{4} }
