package good

func at(list []string) *[]string { return &list }

type word struct{ text string }

func Run() string {
	var all []*[]string
	var words []*word
	for _, text := range []string{"a", "b"} {
		all = append(all, at([]string{text}))
		words = append(words, &word{text: text})
	}
	one := &[]string{"c"}
	return (*all[0])[0] + (*all[1])[0] + words[0].text + words[1].text + (*one)[0]
}
