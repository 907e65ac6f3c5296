// Yaegi: load
package bad_chan

type tree chan tree // want recursivetype

func Run() string {
	var t tree
	if t == nil {
		return "empty"
	}
	return "full"
}
