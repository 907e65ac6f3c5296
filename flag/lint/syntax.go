package lint

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// Syntax says where a text stops being JSON, why, and what to write where that is plain. The error
// is the one that encoding/json gives for the text.
func Syntax(text []byte, err error) string {
	wrong, isSyntax := err.(*json.SyntaxError)
	if !isSyntax || wrong.Offset < 1 || wrong.Offset > int64(len(text)) {
		return err.Error()
	}
	before := text[:wrong.Offset-1]
	found := text[wrong.Offset-1]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	place := "line " + strconv.Itoa(line) + ", column " + strconv.Itoa(column) + ": "
	behind := bytes.TrimSpace(before)
	switch {
	case wrong.Offset == int64(len(text)) && err.Error() == "unexpected end of JSON input":
		return "it ends too early; close each brace, bracket and quote"
	case (found == '}' || found == ']') && bytes.HasSuffix(behind, []byte(",")):
		return place + "take out the comma before the " + string(rune(found))
	case found == '\'':
		return place + "write double quotes in the place of single ones"
	}
	return place + err.Error()
}
