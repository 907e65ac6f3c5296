// Yaegi: wrong
package bad_more

import "encoding/json"

type user struct {
	Name   string
	secret string
}

type tagged struct {
	Name   string
	secret string `json:"s"`
}

type base struct{ ID int }

type derived struct {
	base
	Name string
}

type level int

func (l level) MarshalJSON() ([]byte, error) { return []byte(`"low"`), nil }

type leveled struct{ Levels []level }

type parsed struct{ n int }

func (p *parsed) UnmarshalJSON(b []byte) error {
	p.n = len(b)
	return nil
}

func text(b []byte, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(b)
}

// Run lets JSON see what it shouldn't, and not see what it should.
func Run() string {
	s := text(json.Marshal(&user{"a", "b"}))             // want jsontype
	s += "|" + text(json.Marshal([]*tagged{{"a", "b"}})) // want jsontype
	s += "|" + text(json.Marshal(derived{base{1}, "a"})) // want jsontype
	s += "|" + text(json.Marshal(leveled{[]level{1}}))   // want jsontype
	p := &parsed{}
	err := json.Unmarshal([]byte(`{"Xn":1}`), p) // want jsontype
	if err != nil {
		return s + "|" + err.Error()
	}
	return s + "|called"
}
