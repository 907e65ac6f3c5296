package config

// Cluster is the definition of a ZooKeeper ensemble, below clusters.<name> in the
// configuration.
type Cluster struct {
	// Servers is ZooKeeper's connection string, host[:port] joined by commas, with an
	// optional chroot behind the last one. It may stand whole, or be cut at its commas;
	// required. The port is 2181 by default. IPv6 addresses stand in brackets. Commas with
	// nothing between them are no mistake, as to ZooKeeper's own clients. There is no scheme.
	Servers []string
	// SessionTimeout is how long a session lasts without a word from the client, a duration
	// from 1ms to 576h; 4s by default. The server may negotiate another one.
	SessionTimeout Duration

	// Username of ZooKeeper's digest scheme, without a colon. It goes with exactly one of
	// Password, PasswordFile and PasswordEnv. There are no credentials by default.
	Username string
	// Password of the user. Traefik's dashboard and API show it, and its log at level DEBUG.
	Password string
	// PasswordFile is a file that holds the password. Line breaks at its end don't belong
	// to it. Another password in the file is presented within seconds, in the session that
	// there is.
	PasswordFile string
	// PasswordEnv is the name of an environment variable that holds the password, which is
	// read for each connection.
	PasswordEnv string

	// TLS is how to reach the servers' secureClientPort. Without it, the plain clientPort is
	// meant.
	TLS *TLS
}

// TLS is how the servers of a cluster are reached at their secureClientPort. Files are
// PEM, and read each time a connection is made. The least version is TLS 1.2.
type TLS struct {
	// CA is a file with the certificates of the authorities that the servers' certificates
	// may come from; the system's authorities by default.
	CA string
	// Cert is a file with the client's own certificate, for servers that want one. It goes
	// with Key. There is none by default.
	Cert string
	// Key is a file with the key of Cert, which isn't encrypted.
	Key string
	// ServerName is one of the subject alternative names in the servers' certificates; the
	// host in Servers by default. Common names don't count.
	ServerName string
	// InsecureSkipVerify takes any certificate. Whoever is on the way can then read and
	// change everything.
	InsecureSkipVerify bool
}
