package good_more

import (
	"encoding/json"
	"time"
)

type part struct{ N int }

type user struct {
	Name  string
	Tags  []string        `json:"tags"`
	Parts map[string]part `json:"parts,omitempty"`
	Next  *user
	At    time.Time
	Raw   json.RawMessage
	kept  string `json:"-"`
}

type level int

func (l level) MarshalJSON() ([]byte, error) { return []byte(`"low"`), nil }

func text(b []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Run writes plain structs, and one type's own JSON, at the top.
func Run() string {
	u := &user{Name: "a", Parts: map[string]part{"p": {1}}, Next: &user{}, kept: "k", Raw: json.RawMessage("1")}
	u.Next.Raw = json.RawMessage("2")
	u.At = time.Unix(0, 0).UTC()
	return text(json.Marshal(u)) + text(json.Marshal(level(1))) + text(json.Marshal(map[string]any{"a": 1}))
}
