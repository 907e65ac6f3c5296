// Yaegi: load
package bad

type tree map[string]tree // want recursivetype

func Run() string {
	var t tree
	if t == nil {
		return "empty"
	}
	return "full"
}
