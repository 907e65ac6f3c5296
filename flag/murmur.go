package flag

import (
	"encoding/binary"
	"strings"
)

// MurmurHash3 for 32 bits on x86, with the seed 0.
const (
	murmurFirst  = 0xcc9e2d51
	murmurSecond = 0x1b873593
)

func murmur(text string) uint32 {
	return murmurFrom(0, 0, text)
}

// murmurPrefix hashes the whole words that a text begins with. It returns the
// state and how many bytes went into it.
func murmurPrefix(text string) (uint32, int) {
	hashed := len(text) / 4 * 4
	return murmurWords(0, text[:hashed]), hashed
}

// murmurFrom hashes a text, of which the first bytes went into the state before.
func murmurFrom(state uint32, hashed int, text string) uint32 {
	whole := len(text) / 4 * 4
	h := murmurWords(state, text[:whole])
	if whole < len(text) {
		h ^= murmurTail(text[whole:])
	}
	h ^= uint32(hashed + len(text))
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

func murmurTail(tail string) uint32 {
	k := uint32(0)
	for i := len(tail) - 1; i >= 0; i-- {
		k = k<<8 | uint32(tail[i])
	}
	k *= murmurFirst
	return (k<<15 | k>>17) * murmurSecond
}

// murmurWords mixes words of 4 bytes into the state.
//
// Yaegi: one native call that decodes all words costs less than a loop over bytes.
func murmurWords(h uint32, text string) uint32 {
	words := make([]uint32, len(text)/4)
	err := binary.Read(strings.NewReader(text), binary.LittleEndian, words)
	if err != nil {
		return h
	}
	for _, k := range words {
		k *= murmurFirst
		h ^= (k<<15 | k>>17) * murmurSecond
		h = (h<<13|h>>19)*5 + 0xe6546b64
	}
	return h
}
