// Yaegi: load
package bad_func

type tree func() tree // want recursivetype

func Run() string {
	var t tree
	if t == nil {
		return "empty"
	}
	return "full"
}
