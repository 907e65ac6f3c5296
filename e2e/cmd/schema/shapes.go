package main

import "strings"

// Providers give numbers and booleans as such or as texts. So does the schema.

func text() schema { return schema{"type": []any{"string", "number", "boolean"}} }

func truth() schema { return schema{"enum": []any{true, false, "true", "false"}} }

func oneOf(words ...any) func() schema {
	return func() schema { return schema{"enum": words} }
}

// number is a whole number, which may also be a text.
func number(least int, most any) func() schema {
	return func() schema {
		whole := schema{"type": "integer", "minimum": least}
		if most != nil {
			whole["maximum"] = most
		}
		return schema{"anyOf": []any{whole, schema{"type": "string", "pattern": `^\s*[0-9]+\s*$`}}}
	}
}

// duration is one with a unit, as in 2s or 1m30s.
func duration() schema {
	return schema{"anyOf": []any{
		schema{"type": "string", "pattern": `^\s*(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+\s*$`},
		schema{"enum": []any{0, "0"}}}}
}

// word is a boolean as a flag may have it.
func word() schema {
	return schema{"enum": []any{"off", "on", "false", "true", "no", "yes", "disabled", "enabled", "0", "1", false, true, 0, 1}}
}

// shapes are those of fields that take less than their type has.
var shapes = map[string]func() schema{
	"Cluster.SessionTimeout": duration,
	"Config.LogFormat":       oneOf("text", "json"),
	"Config.LogLevel":        oneOf("error", "warn", "info", "debug"),
	"Config.MaxNodes":        number(1, nil),
	"Config.MaxStale":        duration,
	"Config.StartupTimeout":  duration,
	"Config.StatusValues":    truth,
	"Gate.BlockWhen":         word,
	"Gate.Default":           word,
	"Gate.Format":            oneOf("flag", "decider", "json", "properties", "exists"),
	"Gate.MaxNodes":          number(1, nil),
	"Gate.RetryAfter":        duration,
	"Gate.Status":            number(200, 599),
	"HeaderRule.Encoding":    oneOf("base64"),
	"HeaderRule.Format":      oneOf("text", "json", "properties", "children", "exists", "version", "mtime", "czxid", "numChildren", "flag", "decider"),
	"HeaderRule.MaxNodes":    number(1, nil),
	"HeaderRule.Mode":        oneOf("set", "append", "ifAbsent", "remove"),
	"IPStrategy.Depth":       number(0, 16),
	"IPStrategy.IPv6Subnet":  number(1, 128),
}

// further is what the schemas of structs have beyond their fields.
var further = map[string]schema{
	"Cluster": {"required": []any{"servers"}},
	"Gate":    {"required": []any{"path"}},
	"Secret":  {"required": []any{"name"}},
	"HeaderRule": {"required": []any{"name"}, "anyOf": []any{
		schema{"required": []any{"path"}},
		schema{"required": []any{"flag"}},
		schema{"required": []any{"mode"}, "properties": schema{"mode": schema{"const": "remove"}}}}},
}

// Address is where the schema is published.
const address = "https://raw.githubusercontent.com/mod-zookeeper/traefik-zookeeper/main/docs/schema.json"

// around is the schema of the files in which the configuration stands: those of Traefik's file
// provider, Kubernetes resources, lists of these, and values of Helm charts. Whatever else is
// in them is let be.
func around(definitions schema) schema {
	below := func(key string, inner schema) schema { return schema{"properties": schema{key: inner}} }
	each := func(inner schema) schema { return schema{"additionalProperties": inner} }
	reference := func(name string) schema { return schema{"$ref": "#/definitions/" + name} }
	names := schema{"anyOf": []any{schema{"type": "string"}, schema{"type": "array", "items": schema{"type": "string"}}},
		"description": "The middlewares that a request meets, in this order."}
	definitions["traefikMiddleware"] = below("plugin", schema{
		"properties":        schema{"zookeeper": reference("config")},
		"patternProperties": schema{misspelt: meant("zookeeper")}})
	definitions["traefikRouter"] = schema{"properties": schema{
		"rule":        schema{"type": "string", "description": "Which requests the router takes."},
		"service":     schema{"type": "string"},
		"middlewares": names,
		"middleware":  meant("middlewares")}}
	definitions["traefikHTTP"] = schema{"properties": schema{
		"middlewares": each(reference("traefikMiddleware")), "routers": each(reference("traefikRouter"))}}
	definitions["resource"] = schema{"properties": schema{
		"spec":  reference("traefikMiddleware"),
		"items": schema{"type": "array", "items": reference("resource")}}}
	return schema{
		"$schema": "http://json-schema.org/draft-07/schema#", "$id": address,
		"title":       "Traefik's dynamic configuration, with the plugin zookeeper",
		"description": "Checks what stands below plugin.zookeeper, in files of the file provider, in Kubernetes resources, and in extraObjects of a Helm chart's values.",
		"type":        "object",
		"properties": schema{
			"http":  reference("traefikHTTP"),
			"spec":  reference("traefikMiddleware"),
			"items": schema{"type": "array", "items": reference("resource")},
			"extraObjects": schema{"anyOf": []any{
				schema{"type": "array", "items": schema{"anyOf": []any{schema{"type": "string"}, reference("resource")}}},
				schema{"type": "object", "additionalProperties": reference("resource")}}}},
		"definitions": definitions,
	}
}

// meant refuses all values of a misspelt key, with a message where an editor shows such.
func meant(key string) schema {
	message := "Did you mean " + key + "?"
	return schema{"const": message, "errorMessage": message, "doNotSuggest": true}
}

// misspelt is a pattern of names that are the plugin's but for a letter that is missing, twice
// there, in capitals, or exchanged with the next one. Validators in Go know no (?!...).
var misspelt = func() string {
	const name = "zookeeper"
	known := map[string]bool{name: true}
	var all []string
	add := func(other string) {
		if !known[other] {
			known[other] = true
			all = append(all, other)
		}
	}
	for i := range name {
		add(name[:i] + name[i+1:])
		add(name[:i+1] + name[i:])
		if i+1 < len(name) {
			add(name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:])
		}
	}
	add("Zookeeper")
	add("ZooKeeper")
	return "^(" + strings.Join(all, "|") + ")$"
}()
