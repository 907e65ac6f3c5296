package sub

type Named struct{ name string }

func (n *Named) Title() string { return n.name }

func Make() any { return &Named{"of another package"} }

type Titled interface{ Title() string }

func MakeTitled() Titled { return &Named{"of another package"} }

type Tagged struct {
	name string `kind:"tagged"`
}

func MakeTagged() any { return &Tagged{"tagged"} }
