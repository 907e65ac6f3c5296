// Yaegi: load
package bad_slice

type tree []tree // want recursivetype

func Run() string {
	var t tree
	if t == nil {
		return "empty"
	}
	return "full"
}
