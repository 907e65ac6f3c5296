package zookeeper

// Cluster is the definition of a ZooKeeper ensemble, as it stands below
// clusters.<name> in the configuration.
type Cluster struct {
	// Servers is ZooKeeper's connection string, host[:port] joined by commas
	// with an optional chroot behind the last one, whole or cut at its commas.
	// The port is 2181 where it is left out; IPv6 addresses stand in brackets.
	// Commas with nothing between them are no mistake, as to ZooKeeper's own clients.
	Servers []string
	// SessionTimeout is a Go duration, 4s by default. The server may negotiate
	// another one.
	SessionTimeout string
	// Username and one of Password, PasswordFile and PasswordEnv (the name of an
	// environment variable) are the credentials of ZooKeeper's digest scheme. What is
	// new in the file is presented within seconds, in the session that there is.
	Username, Password, PasswordFile, PasswordEnv string
	// TLS is for the servers' secureClientPort; nil, the default, for the plain one.
	TLS *TLS
}

// TLS is how a cluster is reached at its servers' secureClientPort. Files are PEM,
// and read each time a connection is made.
type TLS struct {
	// CA has the certificates of the authorities that the servers' certificates
	// may come from; the system's authorities by default.
	CA string
	// Cert and Key are the client's own, for servers that want to know it. One
	// goes with the other.
	Cert, Key string
	// ServerName is the name that the servers' certificates are for; the host in
	// Servers by default.
	ServerName string
	// InsecureSkipVerify takes any certificate: whoever is in the way can read
	// and change everything.
	InsecureSkipVerify bool
}
