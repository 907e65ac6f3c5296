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
	whole := len(text) / 4
	return murmurMixed(0, wordsOf(text)[:whole]), whole * 4
}

// murmurFrom hashes a text, of which the first bytes went into the state before.
func murmurFrom(state uint32, hashed int, text string) uint32 {
	words := wordsOf(text)
	last := len(words) - 1
	k := words[last] * murmurFirst
	h := murmurMixed(state, words[:last]) ^ (k<<15|k>>17)*murmurSecond ^ uint32(hashed+len(text))
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
}

func murmurMixed(h uint32, words []uint32) uint32 {
	for _, k := range words {
		k *= murmurFirst
		h ^= (k<<15 | k>>17) * murmurSecond
		h = (h<<13|h>>19)*5 + 0xe6546b64
	}
	return h
}

// wordsOf takes a text as words of 4 bytes, the last of which is filled up with
// zeros, if need be all of it: such a word changes no hash.
//
// Yaegi: one native call that decodes all words costs less than a loop over bytes.
func wordsOf(text string) []uint32 {
	words := make([]uint32, len(text)/4+1)
	err := binary.Read(strings.NewReader(text+"\x00\x00\x00\x00"), binary.LittleEndian, words)
	if err != nil {
		return make([]uint32, 1) // there are always enough bytes
	}
	return words
}
