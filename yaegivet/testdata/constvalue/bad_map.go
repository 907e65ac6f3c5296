// Yaegi: panic
package bad_map

type size int

const (
	small size = 1 << iota // want constvalue
	large
)

func Run() string {
	names := map[size]string{small: "small", large: "large"}
	return names[large]
}
