package sub

func Twice[T any](v T) []T { return []T{v, v} }
