// Yaegi: load
package bad

import "unsafe" // want import

func Run() string {
	var n int32
	if unsafe.Sizeof(n) == 4 {
		return "four"
	}
	return "other"
}
