package flag

// A Split is a flag that goes by the targeting key alone. It puts each key into one of its
// buckets, and evaluates the same for all keys of a bucket.
type Split struct {
	Buckets int // how many there are

	hash   uint32 // of the first bytes of what is hashed in front of the key
	hashed int    // how many these are
	rest   string // the others
	total  uint64
	ends   []uint64 // of the buckets
}

// LongestKey is how many bytes a targeting key may have that BucketOf finds the bucket of.
const LongestKey = textOfStep

// SplitOf returns the split that the flag of that key is in this set: a share, or a definition
// whose targeting is a fractional of the targeting key with fixed variants. It is nil for any
// other flag.
func SplitOf(s *Set, key string) *Split {
	f := find(s, key)
	if f == nil || f.targeting == nil || f.targeting.op != opFractional || !f.targeting.keyed || f.timed {
		return nil
	}
	for _, variant := range f.targeting.args[1:] {
		if variant.op != opConstant {
			return nil
		}
	}
	prefix := s.salt
	if prefix == nil {
		prefix = saltOf(key)
	}
	return &Split{Buckets: len(f.targeting.ends), hash: prefix.hash, hashed: prefix.hashed, rest: prefix.text[prefix.hashed:], total: f.targeting.total, ends: f.targeting.ends}
}

// BucketOf is the number of the bucket that a targeting key is in, from 0. It is -1 for an empty
// key and for one longer than LongestKey, which have to be evaluated.
func BucketOf(s *Split, key string) int {
	if key == "" || len(key) > LongestKey {
		return -1
	}
	place := uint64(murmurFrom(s.hash, s.hashed, s.rest+key)) * s.total >> 32
	for i, end := range s.ends {
		if place < end {
			return i
		}
	}
	return -1
}
