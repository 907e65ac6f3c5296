package zookeeper

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
)

// fromJSON returns the value at a key such as db.host in a JSON document: the
// text of a string, number or boolean; nothing where there is no such member,
// or null.
func fromJSON(data []byte, key string) (string, error) {
	value, err := jsonAt(data, key)
	if err != nil {
		return "", err
	}
	return jsonScalar(value, key)
}

// jsonAt returns whatever a JSON document has at a key; nil where it has nothing.
func jsonAt(data []byte, key string) (any, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber() // a number stays as it is written
	var document any
	err := decoder.Decode(&document)
	if err != nil {
		return nil, errors.New("is not JSON: " + err.Error())
	}
	_, err = decoder.Token()
	if err != io.EOF {
		return nil, errors.New("is not JSON: something follows the document")
	}
	return jsonMember(document, key)
}

// jsonMember follows the key's dots. A member whose own name has dots comes before
// the way along them.
func jsonMember(document any, key string) (any, error) {
	switch container := document.(type) {
	case map[string]any:
		value, found := container[key]
		if found {
			return value, nil
		}
		head, rest, nested := strings.Cut(key, ".")
		if !nested || container[head] == nil {
			return nil, nil
		}
		return jsonMember(container[head], rest)
	case []any:
		head, rest, nested := strings.Cut(key, ".")
		i, err := strconv.Atoi(head)
		if err != nil {
			return nil, errors.New("has a list where the key " + strconv.Quote(key) + " is looked for")
		}
		if i < 0 || i >= len(container) {
			return nil, nil
		}
		if !nested {
			return container[i], nil
		}
		return jsonMember(container[i], rest)
	}
	return nil, errors.New("has no object where the key " + strconv.Quote(key) + " is looked for")
}

func jsonScalar(value any, key string) (string, error) {
	if value == nil {
		return "", nil
	}
	switch scalar := value.(type) {
	case string:
		return scalar, nil
	case bool:
		return strconv.FormatBool(scalar), nil
	case json.Number:
		return scalar.String(), nil
	}
	return "", errors.New("has an object or a list at " + strconv.Quote(key) + ", where a string, number or boolean is wanted")
}
