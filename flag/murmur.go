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
	words := wordsOf(text)
	whole := words[:len(words)-1]
	h := uint32(0)
	for _, k := range whole {
		k *= murmurFirst
		h ^= (k<<15 | k>>17) * murmurSecond
		h = (h<<13|h>>19)*5 + 0xe6546b64
	}
	return h, len(whole) * 4
}

// murmurFrom hashes a text, of which the first bytes went into the state before.
//
// Yaegi: it has murmurPrefix and wordsOf written out, since a call takes longer than many steps.
func murmurFrom(h uint32, hashed int, text string) uint32 {
	words := make([]uint32, len(text)/4+1)
	if binary.Read(strings.NewReader(text+"\x00\x00\x00\x00"), binary.LittleEndian, words) != nil {
		return 0 // there are always enough bytes
	}
	last := len(words) - 1
	for _, k := range words[:last] {
		k *= murmurFirst
		h ^= (k<<15 | k>>17) * murmurSecond
		h = (h<<13|h>>19)*5 + 0xe6546b64
	}
	k := words[last] * murmurFirst
	h = h ^ (k<<15|k>>17)*murmurSecond ^ uint32(hashed+len(text))
	h = (h ^ h>>16) * 0x85ebca6b
	h = (h ^ h>>13) * 0xc2b2ae35
	return h ^ h>>16
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
