// Yaegi: load
package bad_embed

import "embed" // want import

var files embed.FS

func Run() string {
	_, err := files.Open("x")
	if err != nil {
		return err.Error()
	}
	return "none"
}
