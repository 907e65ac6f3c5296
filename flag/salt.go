package flag

// A salt stands in front of the targeting key in what is hashed, so that two flags with
// the same share have other keys on.
type salt struct {
	text   string
	hash   uint32 // of its first bytes
	hashed int    // how many these are
}

// Salted returns the set with another salt: shares hash it in the place of the key that the
// flag is evaluated with, and so does a fractional that goes by the targeting key. One with a
// bucketing value of its own goes by that alone, as in flagd. Two flags with the same salt and
// the same weights have the same targeting keys on.
func (s *Set) Salted(text string) *Set {
	salted := *s
	salted.salt = saltOf(text)
	return &salted
}

func saltOf(text string) *salt {
	hash, hashed := murmurPrefix(text)
	return &salt{text: text, hash: hash, hashed: hashed}
}
