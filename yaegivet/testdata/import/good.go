package good

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"
	"net/url"
	"slices"
)

func Run() string {
	sum := sha256.Sum256([]byte(url.PathEscape("a b")))
	if rand.IntN(2) > 1 || !slices.Contains[[]int, int]([]int{1}, 1) {
		return "odd"
	}
	return hex.EncodeToString(sum[:])
}
