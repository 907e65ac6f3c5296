package yaegivet

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

const (
	markPrefix = "//yaegi:ok"
	markRule   = "mark" // the findings about marks
)

// A mark is a comment that declares the findings of one line to be all right.
type mark struct {
	pos    token.Pos
	reason string
	used   bool
}

type lineOf struct {
	file string
	line int
}

// marks by the line that they speak of.
type marks map[lineOf]*mark

func marksIn(pass *analysis.Pass) marks {
	ms := marks{}
	for _, file := range pass.Files {
		var code map[lineOf]bool
		for _, group := range file.Comments {
			for _, comment := range group.List {
				reason, found := strings.CutPrefix(comment.Text, markPrefix)
				if !found {
					continue
				}
				if code == nil {
					code = codeLines(pass.Fset, file)
				}
				at := lineAt(pass.Fset, comment.Pos())
				if !code[at] {
					at.line++
				}
				// A test's expectation may follow in the same comment.
				reason, _, _ = strings.Cut(reason, "// want")
				ms[at] = &mark{pos: comment.Pos(), reason: strings.TrimSpace(reason)}
			}
		}
	}
	return ms
}

// codeLines are the lines on which something begins or ends: a mark there
// belongs to that line, anywhere else to the next one.
func codeLines(fset *token.FileSet, file *ast.File) map[lineOf]bool {
	lines := map[lineOf]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n.(type) {
		case nil, *ast.Comment, *ast.CommentGroup, *ast.File:
			return n != nil
		}
		lines[lineAt(fset, n.Pos())] = true
		lines[lineAt(fset, n.End()-1)] = true
		return true
	})
	return lines
}

func lineAt(fset *token.FileSet, pos token.Pos) lineOf {
	p := fset.Position(pos)
	return lineOf{p.Filename, p.Line}
}

// apply takes away the findings that a mark excuses, and adds those about marks.
func (ms marks) apply(pass *analysis.Pass, found []finding) []finding {
	var left []finding
	for _, f := range found {
		m := ms[lineAt(pass.Fset, f.pos)]
		if m == nil {
			left = append(left, f)
		} else {
			m.used = true
		}
	}
	for _, m := range ms {
		if !m.used {
			left = append(left, finding{m.pos, markRule, "This comment silences no finding. Remove it."})
		} else if m.reason == "" {
			left = append(left, finding{m.pos, markRule, "This comment has no reason. Say why the construct is right here."})
		}
	}
	return left
}
