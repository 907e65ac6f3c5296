package published

import "sync/atomic"

// A Text is a text that some of its users read in place: it stands where requests read it, as
// the only one of a header's lines. A text that follows a text replaces it there, at once for
// all who read it so, and they needn't be told. Where others use it in another way, and of all
// other changes, everybody is told. Its methods are called with one lock.
type Text struct {
	uses       int           // of all users
	inPlace    int           // those that read it in place
	lines      *atomic.Value // where they do: a *[]string; nil while there are none
	isReplaced bool          // the last value only replaced the lines
}

// Use counts one more use.
func (t *Text) Use() { t.uses++ }

// End counts one use less, which was in place or wasn't.
func (t *Text) End(wasInPlace bool) {
	t.uses--
	if wasInPlace {
		t.inPlace--
	}
}

// ReadInPlace has one of the uses read the text in place from now on. It returns a *[]string,
// which counts while there is a text. The value is the present one.
func (t *Text) ReadInPlace(value any) *atomic.Value {
	if t.lines == nil {
		text, _ := value.(string)
		t.lines = &atomic.Value{}
		t.lines.Store(Line(text))
	}
	t.inPlace++
	return t.lines
}

// IsReadInPlace tells whether there is anything to replace.
func IsReadInPlace(t *Text) bool { return t.lines != nil }

// Replace takes a value that follows another one, where the text is read in place. It is good
// where neither of them was refused.
//
// Yaegi: it is a function, since a method costs as much as four.
func Replace(t *Text, before, after any, isGood bool) {
	if t.lines == nil {
		return
	}
	known, _ := before.(string)
	text, _ := after.(string)
	t.isReplaced = known != "" && text != "" && isGood
	if text != "" {
		t.lines.Store(Line(text))
	}
}

// IsToBeTold tells whether the users have to be told of the last value.
func IsToBeTold(t *Text) bool { return !t.isReplaced || t.inPlace < t.uses }

// Line is a header's value with one line, as a word that may be read in place.
//
// Yaegi: the address of a literal is that of a place in the function's frame, the same one each
// time in a loop. So the pointer is made here, once a frame.
func Line(text string) *[]string {
	lines := []string{text}
	return &lines
}
