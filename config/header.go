package config

// HeaderRule sets a header to the value of a node, or of a flag in one. It removes the
// header where there is no value and no default.
type HeaderRule struct {
	// Name of the header; required. It has letters, digits, and up to six hyphens and
	// underscores. Headers of the connection, as Connection or Host, can't be set.
	Name string

	// Path is a list of nodes, of which the first that has a value gives it. It is required
	// unless there is a Flag, or Mode is remove. A path may have placeholders for what the
	// request says, as in /tenants/{host}/plan.
	Path []string
	// Flag is a list of nodes with a flag, of which the first that has one gives it. The value
	// is that of the flag's variant. It excludes Path.
	Flag []string
	// Format says what to make of a node. With Path, it is text (the default), json,
	// properties, children (their names, sorted and joined by commas), exists (true or
	// false), or a number of the node's stat: version, mtime (in milliseconds), czxid or
	// numChildren. With Flag, it is flag (the default), decider (a percentage), json,
	// properties or exists.
	Format string
	// Key is the place of the value in a json or properties document, as in db.host or
	// hosts.0. These formats require it. With Path, all others exclude it. With Flag, it
	// names the flag in a document with several.
	Key string
	// Salt is hashed in front of the targeting key, as that of a gate. It goes with Flag.
	Salt string
	// Cluster to read from; the middleware's Cluster by default.
	Cluster string
	// MaxNodes is how many nodes a path with placeholders may match, a number from 1 on; the
	// middleware's MaxNodes by default.
	MaxNodes Number

	// Default is the header's value while no node has one. Without it, the header is removed.
	Default string
	// Mode is set (the default), append, ifAbsent or remove. With append and ifAbsent, what
	// the client sent stands. With remove, there is no Path and no Flag.
	Mode string
	// Value is a frame for what was read, which stands in it as {value}; {value} by
	// default. Bearer {value} is another one.
	Value string
	// Map translates what was read, before it is put into Value. What isn't in it stays as
	// it is.
	Map map[string]string
	// Encoding is base64, for what no header can hold as it is, or nothing. It excludes
	// Flag.
	Encoding string
}
