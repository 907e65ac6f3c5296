// Package zk is a native Go client library for the ZooKeeper orchestration service.
package zk

/*
TODO:
* make sure a ping response comes back in a reasonable time

Possible watcher events:
* Event{Type: EventNotWatching, State: StateDisconnected, Path: path, Err: err}
*/

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ErrNoServer indicates that an operation cannot be completed
// because attempts to connect to all servers in the list failed.
var ErrNoServer = errors.New("zk: could not connect to a server")

// ErrInvalidPath indicates that an operation was being attempted on
// an invalid path. (e.g. empty path).
var ErrInvalidPath = errors.New("zk: invalid path")

// DefaultLogger uses the stdlib log package for logging.
var DefaultLogger Logger = defaultLogger{}

const (
	bufferSize      = 1536 * 1024
	eventChanSize   = 6
	sendChanSize    = 16
	protectedPrefix = "_c_"
)

type watchType int

const (
	watchTypeData watchType = iota
	watchTypeExist
	watchTypeChild
)

type watchPathType struct {
	path  string
	wType watchType
}

// Dialer is a function to be used to establish a connection to a single host.
type Dialer func(network, address string, timeout time.Duration) (net.Conn, error)

// Yaegi: files are read in the order of their names, and a negative constant of
// a type that is declared later is 0. So these two stand here.

// EventType represents the event type sent by server.
type EventType int32

// State is the session state.
type State int32

// Logger is an interface that can be implemented to provide custom log output.
type Logger interface {
	Printf(string, ...interface{})
}

type authCreds struct {
	scheme string
	auth   []byte
	set    bool // by SetAuth or PresentAuth, which replace it
}

// Conn is the client connection and tracks all details for communication with the server.
type Conn struct {
	lastZxid         int64
	sessionID        int64
	state            State // must be 32-bit aligned
	xid              uint32
	sessionTimeoutMs int32 // session timeout in milliseconds
	askedTimeoutMs   int32 // what is asked for at each connect, whatever was negotiated
	passwd           []byte

	dialer         Dialer
	hostProvider   HostProvider
	serverMu       sync.Mutex // protects server
	server         string     // remember the address/port of the current server
	conn           net.Conn
	eventChan      chan Event
	eventCallback  EventCallback // may be nil
	shouldQuit     chan struct{}
	shouldQuitOnce sync.Once
	pingInterval   time.Duration
	recvTimeout    time.Duration
	connectTimeout time.Duration
	maxBufferSize  int

	creds   []authCreds
	credsMu sync.Mutex // protects server

	sendChan     chan *request
	requests     map[int32]*request // Xid -> pending request
	requestsLock sync.Mutex
	watchers     map[watchPathType][]chan Event
	recursive    map[string]bool // recursive watches; false until the server has answered
	lacking      map[int32]int64 // operation that servers don't have -> session that was told
	watchersLock sync.Mutex      // protects the three
	closeChan    chan struct{}   // channel to tell send loop stop
	seenZxid     int64           // what the watches were set relative to
	watchesSet   chan struct{}   // closed when all are; nil when there were none
	pauses       pauses          // between attempts to connect
	dismissed    bool            // the server said why it ended the connection

	sessionReadOnly bool       // no server that takes writes knows the session
	hostMu          sync.Mutex // protects the next two, and Next of the host provider
	foundServer     string     // which takes writes
	searches        pauses     // between questions for such a server

	sendLock sync.Mutex // keeps requests in the order in which they arrange watches

	// Debug (used by unit tests)
	reconnectLatch   chan struct{}
	setWatchLimit    int
	setWatchCallback func([]*setWatchesRequest)

	// Debug (for recurring re-auth hang)
	debugCloseRecvLoop bool
	resendZkAuthFn     func(context.Context, *Conn) error

	logger  Logger
	logInfo bool // true if information messages are logged; false if only errors are logged

	buf []byte
}

// connOption represents a connection option.
type connOption func(c *Conn)

type request struct {
	xid        int32
	opcode     int32
	pkt        interface{}
	recvStruct interface{}
	recvChan   chan response

	// Because sending and receiving happen in separate go routines, there's
	// a possible race condition when creating watches from outside the read
	// loop. We must ensure that a watcher gets added to the list synchronously
	// with the response from the server on any request that creates a watch.
	// In order to not hard code the watch logic for each opcode in the recv
	// loop the caller can use recvFunc to insert some synchronously code
	// after a response.
	//
	// Yaegi: a signature that names the struct it stands in can't be assigned.
	recvFunc func(*responseHeader, error)

	// Whoever doesn't wait at recvChan has take called, once (see async.go).
	path string
	take func([]byte, *Stat, error)

	sent time.Time
}

type response struct {
	zxid int64
	err  error
}

// Event is an Znode event sent by the server.
// Refer to EventType for more details.
type Event struct {
	Type   EventType
	State  State
	Path   string // For non-session events, the path of the watched node.
	Err    error
	Server string // For connection events
}

// HostProvider is used to represent a set of hosts a ZooKeeper client should connect to.
// It is an analog of the Java equivalent:
// http://svn.apache.org/viewvc/zookeeper/trunk/src/java/main/org/apache/zookeeper/client/HostProvider.java?view=markup
type HostProvider interface {
	// Init is called first, with the servers specified in the connection string.
	Init(servers []string) error
	// Len returns the number of servers.
	Len() int
	// Next returns the next server to connect to. retryStart will be true if we've looped through
	// all known servers without Connected() being called.
	Next() (server string, retryStart bool)
	// Notify the HostProvider of a successful connection.
	Connected()
}

// ConnectWithDialer establishes a new connection to a pool of zookeeper servers
// using a custom Dialer. See Connect for further information about session timeout.
// This method is deprecated and provided for compatibility: use the WithDialer option instead.
func ConnectWithDialer(servers []string, sessionTimeout time.Duration, dialer Dialer) (*Conn, <-chan Event, error) {
	return Connect(servers, sessionTimeout, WithDialer(dialer))
}

// Connect establishes a new connection to a pool of zookeeper
// servers. The provided session timeout sets the amount of time for which
// a session is considered valid after losing connection to a server. Within
// the session timeout it's possible to reestablish a connection to a different
// server and keep the same session. This is means any ephemeral nodes and
// watches are maintained.
func Connect(servers []string, sessionTimeout time.Duration, options ...connOption) (*Conn, <-chan Event, error) {
	if len(servers) == 0 {
		return nil, nil, errors.New("zk: server list must not be empty")
	}

	srvs := FormatServers(servers)

	// Randomize the order of the servers to avoid creating hotspots
	stringShuffle(srvs)

	ec := make(chan Event, eventChanSize)
	conn := &Conn{
		dialer:         net.DialTimeout,
		hostProvider:   NewDNSHostProvider(),
		conn:           nil,
		state:          StateDisconnected,
		eventChan:      ec,
		shouldQuit:     make(chan struct{}),
		connectTimeout: 1 * time.Second,
		sendChan:       make(chan *request, sendChanSize),
		requests:       make(map[int32]*request),
		watchers:       make(map[watchPathType][]chan Event),
		recursive:      make(map[string]bool),
		lacking:        make(map[int32]int64),
		passwd:         emptyPassword,
		logger:         DefaultLogger,
		logInfo:        true, // default is true for backwards compatability
		buf:            make([]byte, bufferSize),
		resendZkAuthFn: resendZkAuth,
	}

	// Set provided options.
	for _, option := range options {
		option(conn)
	}
	conn.logger = guardLogger(conn.logger)

	if err := conn.hostProvider.Init(srvs); err != nil {
		return nil, nil, err
	}

	conn.setTimeouts(int32(sessionTimeout / time.Millisecond))
	conn.askedTimeoutMs = conn.sessionTimeoutMs
	// TODO: This context should be passed in by the caller to be the connection lifecycle context.
	ctx := context.Background()

	go conn.run(ctx)
	return conn, ec, nil
}

// WithDialer returns a connection option specifying a non-default Dialer.
func WithDialer(dialer Dialer) connOption {
	return func(c *Conn) {
		c.dialer = dialer
	}
}

// WithHostProvider returns a connection option specifying a non-default HostProvider.
func WithHostProvider(hostProvider HostProvider) connOption {
	return func(c *Conn) {
		c.hostProvider = hostProvider
	}
}

// WithLogger returns a connection option specifying a non-default Logger.
func WithLogger(logger Logger) connOption {
	return func(c *Conn) {
		c.logger = logger
	}
}

// WithLogInfo returns a connection option specifying whether or not information messages
// should be logged.
func WithLogInfo(logInfo bool) connOption {
	return func(c *Conn) {
		c.logInfo = logInfo
	}
}

// EventCallback is a function that is called when an Event occurs.
type EventCallback func(Event)

// WithEventCallback returns a connection option that specifies an event
// callback.
// The callback must not block - doing so would delay the ZK go routines.
func WithEventCallback(cb EventCallback) connOption {
	return func(c *Conn) {
		c.eventCallback = cb
	}
}

// WithMaxBufferSize sets the maximum buffer size used to read and decode
// packets received from the Zookeeper server. The standard Zookeeper client for
// Java defaults to a limit of 1mb. For backwards compatibility, this Go client
// defaults to unbounded unless overridden via this option. A value that is zero
// or negative indicates that no limit is enforced.
//
// This is meant to prevent resource exhaustion in the face of potentially
// malicious data in ZK. It should generally match the server setting (which
// also defaults ot 1mb) so that clients and servers agree on the limits for
// things like the size of data in an individual znode and the total size of a
// transaction.
//
// For production systems, this should be set to a reasonable value (ideally
// that matches the server configuration). For ops tooling, it is handy to use a
// much larger limit, in order to do things like clean-up problematic state in
// the ZK tree. For example, if a single znode has a huge number of children, it
// is possible for the response to a "list children" operation to exceed this
// buffer size and cause errors in clients. The only way to subsequently clean
// up the tree (by removing superfluous children) is to use a client configured
// with a larger buffer size that can successfully query for all of the child
// names and then remove them. (Note there are other tools that can list all of
// the child names without an increased buffer size in the client, but they work
// by inspecting the servers' transaction logs to enumerate children instead of
// sending an online request to a server.
func WithMaxBufferSize(maxBufferSize int) connOption {
	return func(c *Conn) {
		c.maxBufferSize = maxBufferSize
	}
}

// WithMaxConnBufferSize sets maximum buffer size used to send and encode
// packets to Zookeeper server. The standard Zookeeper client for java defaults
// to a limit of 1mb. This option should be used for non-standard server setup
// where znode is bigger than default 1mb.
func WithMaxConnBufferSize(maxBufferSize int) connOption {
	return func(c *Conn) {
		c.buf = make([]byte, maxBufferSize)
	}
}

// Close will submit a close request with ZK and signal the connection to stop
// sending and receiving packets.
func (c *Conn) Close() {
	c.shouldQuitOnce.Do(func() {
		close(c.shouldQuit)

		receiveFirst(c.queueRequest(opClose, &closeRequest{}, &closeResponse{}, nil), time.After(time.Second))
	})
}

// State returns the current state of the connection.
func (c *Conn) State() State {
	return State(atomic.LoadInt32((*int32)(&c.state)))
}

// SessionID returns the current session id of the connection.
func (c *Conn) SessionID() int64 {
	return atomic.LoadInt64(&c.sessionID)
}

// SetLogger sets the logger to be used for printing errors.
// Logger is an interface provided by this package.
func (c *Conn) SetLogger(l Logger) {
	c.logger = guardLogger(l)
}

func (c *Conn) setTimeouts(sessionTimeoutMs int32) {
	c.sessionTimeoutMs = sessionTimeoutMs
	sessionTimeout := time.Duration(sessionTimeoutMs) * time.Millisecond
	c.recvTimeout = sessionTimeout * 2 / 3
	c.pingInterval = c.recvTimeout / 2
}

func (c *Conn) setState(state State) {
	atomic.StoreInt32((*int32)(&c.state), int32(state))
	c.sendEvent(Event{Type: EventSession, State: state, Server: c.Server()})
}

func (c *Conn) sendEvent(evt Event) {
	if c.eventCallback != nil {
		callBack(c, evt)
	}

	// What finds the channel full is dropped.
	reflect.ValueOf(c.eventChan).TrySend(reflect.ValueOf(evt))
}

func callBack(c *Conn, evt Event) {
	defer func() {
		if r := recover(); r != nil {
			c.logger.Printf("event callback: zk: panic: %v", r)
		}
	}()
	c.eventCallback(evt)
}

func (c *Conn) connect() error {
	var retryStart bool
	for {
		var server string
		server, retryStart = c.nextServer() // which may panic: not under the lock
		c.serverMu.Lock()
		c.server = server
		c.serverMu.Unlock()

		c.setState(StateConnecting)

		if retryStart {
			c.flushUnsentRequests(ErrNoServer)
		}
		if (retryStart || c.pauses.due) && c.pause() {
			c.setState(StateDisconnected)
			c.flushUnsentRequests(ErrClosing)
			return ErrClosing
		}

		zkConn, err := c.dialer("tcp", c.Server(), c.connectTimeout)
		if err == nil {
			c.conn = zkConn
			c.setState(StateConnected)
			if c.logInfo {
				c.logger.Printf("connected to %s", c.Server())
			}
			return nil
		}

		c.pauses.refused = false
		c.logger.Printf("failed to connect to %s: %v", c.Server(), err)
	}
}

func (c *Conn) sendRequest(
	opcode int32,
	req interface{},
	res interface{},
	recvFunc func(*responseHeader, error),
) (
	<-chan response,
	error,
) {
	rq := &request{
		xid:        c.nextXid(),
		opcode:     opcode,
		pkt:        req,
		recvStruct: res,
		recvChan:   make(chan response, 2),
		recvFunc:   recvFunc,
	}

	if err := c.sendData(rq); err != nil {
		return nil, err
	}

	return rq.recvChan, nil
}

func (c *Conn) loop(ctx context.Context) {
	for {
		if err := c.connect(); err != nil {
			// c.Close() was called
			return
		}

		err := c.authenticate()
		switch {
		case err == ErrSessionExpired:
			c.logger.Printf("no session at %s: %v", c.Server(), err)
			c.conn.Close()
			c.invalidateWatches(err)
		case err != nil && c.conn != nil:
			c.logger.Printf("no session at %s: %v", c.Server(), err)
			c.conn.Close()
			c.pauses.refused = false
		case err == nil:
			if c.logInfo {
				c.logger.Printf("authenticated: id=%d, timeout=%d", c.SessionID(), c.sessionTimeoutMs)
			}
			c.hostProvider.Connected()        // mark success
			c.closeChan = make(chan struct{}) // channel to tell send loop stop

			start := time.Now()
			c.dismissed = false
			c.serve(ctx, c.conn, c.closeChan, c.relativeZxid())
			c.pauses.sessionEnded(time.Since(start), c.dismissed)
		}

		c.setState(StateDisconnected)

		if isClosed(c.shouldQuit) {
			c.flushRequests(ErrClosing)
			return
		}

		if err != ErrSessionExpired {
			err = ErrConnectionClosed
		}
		c.flushRequests(err)

		if c.reconnectLatch != nil {
			if chosen, _ := receiveFirst(c.shouldQuit, c.reconnectLatch); chosen == 0 {
				return
			}
		}
	}
}

// serve uses a connection with a session until it breaks or is closed.
//
// Yaegi: deferred calls and closures read a field when they run; the parameters
// are those of this connection.
func (c *Conn) serve(ctx context.Context, conn net.Conn, closeChan chan struct{}, seen int64) {
	var first []*request
	err := guarded(func() error {
		first = c.sendSetWatches(seen)
		return nil
	})
	if err != nil {
		c.logger.Printf("failed to set previous watches: %v", err)
		conn.Close()
	}

	var wg sync.WaitGroup
	wg.Add(2)
	go c.sendSide(ctx, conn, first, &wg)
	go c.recvSide(conn, closeChan, &wg)
	if c.State() == StateConnectedReadOnly {
		go c.search(conn, closeChan)
	}
	wg.Wait()
}

// sendSide sends the first requests, and then what is queued, until the connection
// breaks or is closed.
func (c *Conn) sendSide(ctx context.Context, conn net.Conn, first []*request, wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	defer conn.Close() // causes recv loop to EOF/exit

	err := guarded(func() error {
		if err := c.resendZkAuthFn(ctx, c); err != nil {
			return fmt.Errorf("error in resending auth creds: %w", err)
		}
		for _, req := range first {
			if err := c.sendData(req); err != nil {
				return err
			}
		}
		return c.sendLoop()
	})
	for _, req := range first { // those that weren't sent
		req.answer(response{-1, ErrConnectionClosed})
	}
	if err != nil || c.logInfo {
		c.logger.Printf("send loop terminated: %v", err)
	}
}

// recvSide takes what the server sends until the connection breaks or is closed.
func (c *Conn) recvSide(conn net.Conn, closeChan chan struct{}, wg *sync.WaitGroup) {
	defer func() { recover() }()
	defer wg.Done()
	defer close(closeChan) // tell send loop to exit

	err := guarded(func() error {
		if c.debugCloseRecvLoop {
			return errors.New("DEBUG: close recv loop")
		}
		return c.recvLoop(conn)
	})
	if err != io.EOF || c.logInfo {
		c.logger.Printf("recv loop terminated: %v", err)
	}
}

func (c *Conn) flushUnsentRequests(err error) {
	for {
		value, ok := reflect.ValueOf(c.sendChan).TryRecv()
		if !ok {
			return
		}
		value.Interface().(*request).answer(response{-1, err})
	}
}

// Send error to all pending requests and clear request map
func (c *Conn) flushRequests(err error) {
	c.requestsLock.Lock()
	for _, req := range c.requests {
		req.answer(response{-1, err})
	}
	c.requests = make(map[int32]*request)
	c.requestsLock.Unlock()
}

// Send event to all interested watchers
func (c *Conn) notifyWatches(ev Event) {
	var wTypes []watchType
	switch ev.Type {
	case EventNodeCreated:
		wTypes = []watchType{watchTypeExist}
	case EventNodeDataChanged:
		wTypes = []watchType{watchTypeExist, watchTypeData}
	case EventNodeChildrenChanged:
		wTypes = []watchType{watchTypeChild}
	case EventNodeDeleted:
		wTypes = []watchType{watchTypeExist, watchTypeData, watchTypeChild}
	}
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()
	for _, t := range wTypes {
		wpt := watchPathType{ev.Path, t}
		if watchers := c.watchers[wpt]; len(watchers) > 0 {
			tellAll(watchers, ev)
			delete(c.watchers, wpt)
		}
	}
}

// Send error to all watchers and clear watchers map
func (c *Conn) invalidateWatches(err error) {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()

	if len(c.watchers) >= 0 {
		for pathType, watchers := range c.watchers {
			ev := Event{Type: EventNotWatching, State: StateDisconnected, Path: pathType.path, Err: err}
			c.sendEvent(ev) // also publish globally
			tellAll(watchers, ev)
		}
		c.watchers = make(map[watchPathType][]chan Event)
	}
	c.loseRecursive(err)
}

// relativeZxid is the state that watches are to be set relative to: the last that
// was seen before this connection, since what the server says from now on moves
// lastZxid. Where the connection before broke in the middle of setting them, it is
// the one from before that.
func (c *Conn) relativeZxid() int64 {
	if c.watchesSet == nil || isClosed(c.watchesSet) {
		c.seenZxid = c.lastZxid
	}
	return c.seenZxid
}

// sendSetWatches sets the watches again. It returns the requests that are to be
// sent before any other: who reads nodes in the new connection has to find the
// recursive watches set, as nobody tells what changed before.
func (c *Conn) sendSetWatches(seen int64) []*request {
	c.watchesSet = nil
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()

	c.forgetUnanswered()
	if len(c.watchers) == 0 && len(c.recursive) == 0 {
		return nil
	}

	// NB: A ZK server, by default, rejects packets >1mb. So, if we have too
	// many watches to reset, we need to break this up into multiple packets
	// to avoid hitting that limit. Mirroring the Java client behavior: we are
	// conservative in that we limit requests to 128kb (since server limit is
	// is actually configurable and could conceivably be configured smaller
	// than default of 1mb).
	limit := 128 * 1024
	if c.setWatchLimit > 0 {
		limit = c.setWatchLimit
	}
	if room := len(c.buf) - 4; limit > room {
		limit = room // a packet that isn't sent sets no watches
	}

	var reqs []*setWatchesRequest
	var req *setWatchesRequest
	var sizeSoFar int

	recursive := c.packRecursive(seen, limit)
	n := 0
	for pathType, watchers := range c.watchers {
		if len(watchers) == 0 || recursive.takes(pathType) {
			continue
		}
		addlLen := 4 + len(pathType.path)
		if req == nil || sizeSoFar+addlLen > limit {
			if req != nil {
				// add to set of requests that we'll send
				reqs = append(reqs, req)
			}
			sizeSoFar = 28 // fixed overhead of a set-watches packet
			req = &setWatchesRequest{
				RelativeZxid: seen,
				DataWatches:  make([]string, 0),
				ExistWatches: make([]string, 0),
				ChildWatches: make([]string, 0),
			}
		}
		sizeSoFar += addlLen
		switch pathType.wType {
		case watchTypeData:
			req.DataWatches = append(req.DataWatches, pathType.path)
		case watchTypeExist:
			req.ExistWatches = append(req.ExistWatches, pathType.path)
		case watchTypeChild:
			req.ChildWatches = append(req.ChildWatches, pathType.path)
		}
		n++
	}
	if n == 0 && len(recursive.reqs) == 0 {
		return nil
	}
	if req != nil { // don't forget any trailing packet we were building
		reqs = append(reqs, req)
	}

	if c.setWatchCallback != nil {
		c.setWatchCallback(reqs)
	}

	first := c.firstRequests(recursive.reqs)
	set := make(chan struct{})
	c.watchesSet = set
	go func() {
		defer func() { recover() }()

		if err := c.awaitAll(first); err != nil {
			c.logger.Printf("Failed to set previous watches: %v", err)
			return
		}
		res := &setWatchesResponse{}
		// TODO: Pipeline these so queue all of them up before waiting on any
		// response. That will require some investigation to make sure there
		// aren't failure modes where a blocking write to the channel of requests
		// could hang indefinitely and cause this goroutine to leak...
		for _, req := range reqs {
			_, err := c.request(opSetWatches, req, res, nil)
			if err != nil {
				c.logger.Printf("Failed to set previous watches: %v", err)
				return
			}
		}
		close(set)
	}()
	return first
}

// connectResponseLimit is more than three times what servers send. The password
// in a response has to fit the next connect request.
const connectResponseLimit = 128

func (c *Conn) authenticate() error {
	buf := make([]byte, 256)
	asked := c.askedSession()

	// Encode and send a connect request.
	n, err := encodePacket(buf[4:], &connectRequest{
		ProtocolVersion: protocolVersion,
		LastZxidSeen:    c.lastZxid,
		TimeOut:         c.askedTimeoutMs,
		SessionID:       asked,
		Passwd:          c.passwd,
		ReadOnly:        true,
	})
	if err != nil {
		return err
	}

	binary.BigEndian.PutUint32(buf[:4], uint32(n))

	// A server that accepts and hangs must not keep the client from the others.
	handshakeTimeout := c.recvTimeout
	if handshakeTimeout < c.connectTimeout {
		handshakeTimeout = c.connectTimeout
	}
	c.conn.SetWriteDeadline(time.Now().Add(handshakeTimeout))
	_, err = c.conn.Write(buf[:n+4])
	if err != nil {
		return err
	}

	// Receive and decode a connect response.
	c.conn.SetReadDeadline(time.Now().Add(handshakeTimeout))
	_, err = io.ReadFull(c.conn, buf[:4])
	if err != nil {
		return err
	}

	blen := int(int32(binary.BigEndian.Uint32(buf[:4])))
	if blen < 0 || blen > connectResponseLimit {
		return fmt.Errorf("connect response of %d bytes", blen)
	}

	_, err = io.ReadFull(c.conn, buf[:blen])
	if err != nil {
		return err
	}

	if err := refusal(buf[:blen:blen]); err != nil {
		return err
	}

	r := connectResponse{}
	n, err = decodePacket(buf[:blen:blen], &r)
	if err != nil {
		return err
	}
	if r.SessionID == 0 {
		atomic.StoreInt64(&c.sessionID, int64(0))
		c.passwd = emptyPassword
		c.watchesSet = nil
		c.setState(StateExpired)
		return ErrSessionExpired
	}

	if r.TimeOut <= 0 {
		return fmt.Errorf("session timeout of %d ms", r.TimeOut)
	}

	atomic.StoreInt64(&c.sessionID, r.SessionID)
	c.setTimeouts(r.TimeOut)
	c.passwd = r.Passwd
	readOnly := n < blen && buf[n] != 0 // servers before 3.4 say nothing and take writes
	c.admitted(r.SessionID != asked, readOnly)

	return nil
}

func (c *Conn) sendData(req *request) error {
	c.sendLock.Lock()
	defer c.sendLock.Unlock()
	return transmit(c, req, c.buf)
}

// transmit packs a request into buf and sends it; c.sendLock is held.
func transmit(c *Conn, req *request, buf []byte) error {
	if !c.arrangeWatches(req) {
		req.answer(response{0, nil})
		return nil
	}

	n, err := encodeRequest(buf[requestHeaderSize:], req)
	if err != nil {
		req.answer(response{-1, err})
		return nil
	}
	binary.BigEndian.PutUint32(buf, uint32(n+8))
	binary.BigEndian.PutUint32(buf[4:], uint32(req.xid))
	binary.BigEndian.PutUint32(buf[8:], uint32(req.opcode))

	now := time.Now()
	c.requestsLock.Lock()
	if isClosed(c.closeChan) {
		req.answer(response{-1, ErrConnectionClosed})
		c.requestsLock.Unlock()
		return ErrConnectionClosed
	}
	req.sent = now
	c.requests[req.xid] = req
	c.requestsLock.Unlock()

	c.conn.SetWriteDeadline(now.Add(c.recvTimeout))
	_, err = c.conn.Write(buf[:requestHeaderSize+n])
	if err != nil {
		req.answer(response{-1, ErrConnectionClosed})
		c.conn.Close()
		return err
	}

	return nil
}

// overdue tells whether a request was sent a session timeout ago and has no
// answer. Servers answer in order, pings too, so this one has lost it.
func (c *Conn) overdue() bool {
	longest := time.Duration(c.sessionTimeoutMs) * time.Millisecond
	c.requestsLock.Lock()
	defer c.requestsLock.Unlock()
	for _, req := range c.requests {
		if time.Since(req.sent) > longest {
			return true
		}
	}
	return false
}

func (c *Conn) sendLoop() error {
	pingTicker := time.NewTicker(c.pingInterval)
	defer pingTicker.Stop()

	for {
		switch chosen, value := receiveFirst(c.sendChan, pingTicker.C, c.closeChan); chosen {
		case 0:
			if err := c.sendData(value.(*request)); err != nil {
				return err
			}
		case 1:
			if isClosed(c.shouldQuit) {
				return ErrClosing // the close request found the queue full
			}
			if c.overdue() {
				return errors.New("a request was not answered in time")
			}
			n, err := encodePacket(c.buf[4:], &requestHeader{Xid: -2, Opcode: opPing})
			if err != nil {
				return err
			}

			binary.BigEndian.PutUint32(c.buf[:4], uint32(n))

			c.conn.SetWriteDeadline(time.Now().Add(c.recvTimeout))
			_, err = c.conn.Write(c.buf[:n+4])
			if err != nil {
				c.conn.Close()
				return err
			}
		case 2:
			return nil
		}
	}
}

const (
	requestHeaderSize  = 12 // with the length
	emptyGetData       = 5  // without its path
	responseHeaderSize = 16 // without it
)

// A packetHeader is what each packet from a server begins with.
type packetHeader struct {
	Length int32 // of what follows
	Header responseHeader
}

// readPacket reads a packet of n bytes into buf. Where buf has no room, another
// one grows as the bytes arrive: a length alone allocates nothing.
func readPacket(in io.Reader, buf []byte, n int) ([]byte, error) {
	if n <= cap(buf) {
		_, err := io.ReadFull(in, buf[:n])
		return buf, err
	}
	var grown bytes.Buffer
	_, err := io.CopyN(&grown, in, int64(n))
	return grown.Bytes(), err
}

func (c *Conn) recvLoop(conn net.Conn) error {
	sz := bufferSize
	if c.maxBufferSize > 0 && sz > c.maxBufferSize {
		sz = c.maxBufferSize
	}
	buf := make([]byte, sz)
	in := bufio.NewReader(conn) // a packet is read in two parts, but received in one
	head := &packetHeader{}
	for {
		if err := conn.SetReadDeadline(time.Now().Add(c.recvTimeout)); err != nil {
			c.logger.Printf("failed to set connection deadline: %v", err)
		}
		err := binary.Read(in, binary.BigEndian, head)
		if err != nil {
			return fmt.Errorf("failed to read from connection: %w", err)
		}

		blen := int(head.Length)
		if blen < responseHeaderSize {
			return fmt.Errorf("received packet from server with length %d", blen)
		}
		if cap(buf) < blen {
			if c.maxBufferSize > 0 && blen > c.maxBufferSize {
				return fmt.Errorf("received packet from server with length %d, which exceeds max buffer size %d", blen, c.maxBufferSize)
			}
		}

		blen -= responseHeaderSize
		buf, err = readPacket(in, buf, blen)
		if err != nil {
			return err
		}

		res := head.Header
		if res.Xid == -1 {
			ev, err := decodeEvent(buf[:blen])
			if err != nil {
				return err
			}
			c.sendEvent(ev)
			c.notifyWatches(ev)
		} else if res.Xid == -2 {
			if err := c.dismissal(res.Err); err != nil {
				return err
			}
		} else if res.Xid < 0 {
			return fmt.Errorf("Xid < 0 (%d) but not ping or watcher event", res.Xid)
		} else {
			if res.Zxid > 0 {
				c.lastZxid = res.Zxid
			}

			c.requestsLock.Lock()
			req, ok := c.requests[res.Xid]
			if ok {
				delete(c.requests, res.Xid)
			}
			c.requestsLock.Unlock()

			if !ok {
				return fmt.Errorf("Response for unknown request with xid %d", res.Xid)
			} else {
				if res.Err != 0 {
					err = res.Err.toError()
				} else if req.opcode == opGetData {
					err = decodeData(buf[:blen], req.recvStruct.(*getDataResponse)) //yaegi:ok the operation tells
				} else {
					_, err = decodePacket(buf[:blen:blen], req.recvStruct)
				}
				if req.recvFunc != nil {
					req.recvFunc(&res, err)
				}
				if req.take != nil && err == nil {
					taken(c, req)
				} else {
					req.answer(response{res.Zxid, err})
				}
				if req.opcode == opClose {
					return io.EOF
				}
				if err := c.dismissal(res.Err); err != nil {
					return err
				}
			}
		}
	}
}

func (c *Conn) nextXid() int32 {
	return int32(atomic.AddUint32(&c.xid, 1) & 0x7fffffff)
}

func (c *Conn) addWatcher(path string, watchType watchType) <-chan Event {
	c.watchersLock.Lock()
	defer c.watchersLock.Unlock()

	ch := make(chan Event, 1)
	wpt := watchPathType{path, watchType}
	c.watchers[wpt] = append(c.watchers[wpt], ch)
	return ch
}

func (c *Conn) queueRequest(opcode int32, req interface{}, res interface{}, recvFunc func(*responseHeader, error)) <-chan response {
	rq := &request{
		xid:        c.nextXid(),
		opcode:     opcode,
		pkt:        req,
		recvStruct: res,
		recvChan:   make(chan response, 2),
		recvFunc:   recvFunc,
	}

	switch opcode {
	case opClose:
		// always attempt to send close ops.
		if !sendUnless(c.sendChan, rq, time.After(c.connectTimeout*2)) {
			c.logger.Printf("gave up trying to send opClose to server")
			rq.answer(response{-1, ErrConnectionClosed})
		}
	default:
		// otherwise avoid deadlocks for dumb clients who aren't aware that
		// the ZK connection is closed yet. In a tie maybe the caller gets
		// this, maybe not- we tried.
		if !sendUnless(c.sendChan, rq, c.shouldQuit) || isClosed(c.shouldQuit) {
			rq.answer(response{-1, ErrConnectionClosed})
		}
	}
	return rq.recvChan
}

func (c *Conn) request(opcode int32, req interface{}, res interface{}, recvFunc func(*responseHeader, error)) (int64, error) {
	recv := c.queueRequest(opcode, req, res, recvFunc)
	chosen, value := receiveFirst(recv, c.shouldQuit)
	if chosen == 1 {
		// queueRequest() can be racy, double-check for the race here and avoid
		// a potential data-race. otherwise the client of this func may try to
		// access `res` fields concurrently w/ the async response processor.
		// NOTE: callers of this func should check for (at least) ErrConnectionClosed
		// and avoid accessing fields of the response object if such error is present.
		return -1, ErrConnectionClosed
	}
	r := value.(response)
	return r.zxid, r.err
}

// AddAuth adds an authentication config to the connection.
func (c *Conn) AddAuth(scheme string, auth []byte) error {
	_, err := c.request(opSetAuth, &setAuthRequest{Type: 0, Scheme: scheme, Auth: auth}, &setAuthResponse{}, nil)

	if err != nil {
		return err
	}

	// Remember authdata so that it can be re-submitted on reconnect
	//
	// FIXME(prozlach): For now we treat "userfoo:passbar" and "userfoo:passbar2"
	// as two different entries, which will be re-submitted on reconnect. Some
	// research is needed on how ZK treats these cases and
	// then maybe switch to something like "map[username] = password" to allow
	// only single password for given user with users being unique.
	obj := authCreds{
		scheme: scheme,
		auth:   auth,
	}

	c.credsMu.Lock()
	c.creds = append(c.creds, obj)
	c.credsMu.Unlock()

	return nil
}

// PresentAuth presents credentials to the server, and has them presented at the beginning of
// each connection to come, as SetAuth does.
func (c *Conn) PresentAuth(scheme string, auth []byte) error {
	_, err := c.request(opSetAuth, &setAuthRequest{Type: 0, Scheme: scheme, Auth: auth}, &setAuthResponse{}, nil)
	if err != nil {
		return err
	}
	c.SetAuth(scheme, auth)
	return nil
}

// SetAuth has credentials presented at the beginning of each connection to come, in the
// place of those of their scheme that it was given before. Those that were added by AddAuth
// stay. Nothing is sent to the server that the client is connected to.
func (c *Conn) SetAuth(scheme string, auth []byte) {
	c.credsMu.Lock()
	defer c.credsMu.Unlock()
	var creds []authCreds
	for _, cred := range c.creds {
		if cred.scheme != scheme || !cred.set {
			creds = append(creds, cred)
		}
	}
	c.creds = append(creds, authCreds{scheme: scheme, auth: auth, set: true})
}

// Children returns the children of a znode.
func (c *Conn) Children(path string) ([]string, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, err
	}

	res := &getChildren2Response{}
	_, err := c.request(opGetChildren2, &getChildren2Request{Path: path, Watch: false}, res, nil)
	if err == ErrConnectionClosed {
		return nil, nil, err
	}
	return res.Children, &res.Stat, err
}

// ChildrenW returns the children of a znode and sets a watch.
func (c *Conn) ChildrenW(path string) ([]string, *Stat, <-chan Event, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, nil, err
	}

	var ech <-chan Event
	res := &getChildren2Response{}
	_, err := c.request(opGetChildren2, &getChildren2Request{Path: path, Watch: true}, res, func(res *responseHeader, err error) {
		if err == nil {
			ech = c.addWatcher(path, watchTypeChild)
		}
	})
	if err != nil {
		return nil, nil, nil, err
	}
	return res.Children, &res.Stat, ech, err
}

// Get gets the contents of a znode.
func (c *Conn) Get(path string) ([]byte, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, err
	}

	res := &getDataResponse{}
	_, err := c.request(opGetData, &getDataRequest{Path: path, Watch: false}, res, nil)
	if err == ErrConnectionClosed {
		return nil, nil, err
	}
	return res.Data, &res.Stat, err
}

// GetW returns the contents of a znode and sets a watch
func (c *Conn) GetW(path string) ([]byte, *Stat, <-chan Event, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, nil, err
	}

	var ech <-chan Event
	res := &getDataResponse{}
	_, err := c.request(opGetData, &getDataRequest{Path: path, Watch: true}, res, func(res *responseHeader, err error) {
		if err == nil {
			ech = c.addWatcher(path, watchTypeData)
		}
	})
	if err != nil {
		return nil, nil, nil, err
	}
	return res.Data, &res.Stat, ech, err
}

// Set updates the contents of a znode.
func (c *Conn) Set(path string, data []byte, version int32) (*Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, err
	}

	res := &setDataResponse{}
	_, err := c.request(opSetData, &SetDataRequest{path, data, version}, res, nil)
	if err == ErrConnectionClosed {
		return nil, err
	}
	return &res.Stat, err
}

// Create creates a znode.
// The returned path is the new path assigned by the server, it may not be the
// same as the input, for example when creating a sequence znode the returned path
// will be the input path with a sequence number appended.
func (c *Conn) Create(path string, data []byte, flags int32, acl []ACL) (string, error) {
	createMode, err := parseCreateMode(flags)
	if err != nil {
		return "", err
	}

	if err := validatePath(path, createMode.isSequential); err != nil {
		return "", err
	}

	if createMode.isTTL {
		return "", fmt.Errorf("Create with TTL flag disallowed: %w", ErrInvalidFlags)
	}

	res := &createResponse{}
	_, err = c.request(opCreate, &CreateRequest{path, data, acl, createMode.flag}, res, nil)
	if err == ErrConnectionClosed {
		return "", err
	}
	return res.Path, err
}

// CreateContainer creates a container znode and returns the path.
//
// Containers cannot be ephemeral or sequential, or have TTLs.
// Ensure that we reject flags for TTL, Sequence, and Ephemeral.
func (c *Conn) CreateContainer(path string, data []byte, flag int32, acl []ACL) (string, error) {
	createMode, err := parseCreateMode(flag)
	if err != nil {
		return "", err
	}

	if err := validatePath(path, createMode.isSequential); err != nil {
		return "", err
	}

	if !createMode.isContainer {
		return "", fmt.Errorf("CreateContainer requires container flag: %w", ErrInvalidFlags)
	}

	res := &createResponse{}
	_, err = c.request(opCreateContainer, &CreateRequest{path, data, acl, createMode.flag}, res, nil)
	return res.Path, err
}

// CreateTTL creates a TTL znode, which will be automatically deleted by server after the TTL.
func (c *Conn) CreateTTL(path string, data []byte, flag int32, acl []ACL, ttl time.Duration) (string, error) {
	createMode, err := parseCreateMode(flag)
	if err != nil {
		return "", err
	}

	if err := validatePath(path, createMode.isSequential); err != nil {
		return "", err
	}

	if !createMode.isTTL {
		return "", fmt.Errorf("CreateTTL requires TTL flag: %w", ErrInvalidFlags)
	}

	res := &createResponse{}
	_, err = c.request(opCreateTTL, &CreateTTLRequest{path, data, acl, createMode.flag, ttl.Milliseconds()}, res, nil)
	return res.Path, err
}

// CreateProtectedEphemeralSequential fixes a race condition if the server crashes
// after it creates the node. On reconnect the session may still be valid so the
// ephemeral node still exists. Therefore, on reconnect we need to check if a node
// with a GUID generated on create exists.
func (c *Conn) CreateProtectedEphemeralSequential(path string, data []byte, acl []ACL) (string, error) {
	if err := validatePath(path, true); err != nil {
		return "", err
	}

	var guid [16]byte
	_, err := io.ReadFull(rand.Reader, guid[:16])
	if err != nil {
		return "", err
	}
	guidStr := fmt.Sprintf("%x", guid)

	parts := strings.Split(path, "/")
	parts[len(parts)-1] = fmt.Sprintf("%s%s-%s", protectedPrefix, guidStr, parts[len(parts)-1])
	rootPath := strings.Join(parts[:len(parts)-1], "/")
	protectedPath := strings.Join(parts, "/")

	var newPath string
	for i := 0; i < 3; i++ {
		newPath, err = c.Create(protectedPath, data, FlagEphemeral|FlagSequence, acl)
		switch err {
		case ErrSessionExpired:
			// No need to search for the node since it can't exist. Just try again.
		case ErrConnectionClosed:
			children, _, err := c.Children(rootPath)
			if err != nil {
				return "", err
			}
			for _, p := range children {
				parts := strings.Split(p, "/")
				if pth := parts[len(parts)-1]; strings.HasPrefix(pth, protectedPrefix) {
					if g := pth[len(protectedPrefix) : len(protectedPrefix)+32]; g == guidStr {
						return rootPath + "/" + p, nil
					}
				}
			}
		case nil:
			return newPath, nil
		default:
			return "", err
		}
	}
	return "", err
}

// Delete deletes a znode.
func (c *Conn) Delete(path string, version int32) error {
	if err := validatePath(path, false); err != nil {
		return err
	}

	_, err := c.request(opDelete, &DeleteRequest{path, version}, &deleteResponse{}, nil)
	return err
}

// Exists tells the existence of a znode.
func (c *Conn) Exists(path string) (bool, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return false, nil, err
	}

	res := &existsResponse{}
	_, err := c.request(opExists, &existsRequest{Path: path, Watch: false}, res, nil)
	if err == ErrConnectionClosed {
		return false, nil, err
	}
	exists := true
	if err == ErrNoNode {
		exists = false
		err = nil
	}
	return exists, &res.Stat, err
}

// ExistsW tells the existence of a znode and sets a watch.
func (c *Conn) ExistsW(path string) (bool, *Stat, <-chan Event, error) {
	if err := validatePath(path, false); err != nil {
		return false, nil, nil, err
	}

	var ech <-chan Event
	res := &existsResponse{}
	_, err := c.request(opExists, &existsRequest{Path: path, Watch: true}, res, func(res *responseHeader, err error) {
		if err == nil {
			ech = c.addWatcher(path, watchTypeData)
		} else if err == ErrNoNode {
			ech = c.addWatcher(path, watchTypeExist)
		}
	})
	exists := true
	if err == ErrNoNode {
		exists = false
		err = nil
	}
	if err != nil {
		return false, nil, nil, err
	}
	return exists, &res.Stat, ech, err
}

// GetACL gets the ACLs of a znode.
func (c *Conn) GetACL(path string) ([]ACL, *Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, nil, err
	}

	res := &getAclResponse{}
	_, err := c.request(opGetAcl, &getAclRequest{Path: path}, res, nil)
	if err == ErrConnectionClosed {
		return nil, nil, err
	}
	return res.Acl, &res.Stat, err
}

// SetACL updates the ACLs of a znode.
func (c *Conn) SetACL(path string, acl []ACL, version int32) (*Stat, error) {
	if err := validatePath(path, false); err != nil {
		return nil, err
	}

	res := &setAclResponse{}
	_, err := c.request(opSetAcl, &setAclRequest{Path: path, Acl: acl, Version: version}, res, nil)
	if err == ErrConnectionClosed {
		return nil, err
	}
	return &res.Stat, err
}

// Sync flushes the channel between process and the leader of a given znode,
// you may need it if you want identical views of ZooKeeper data for 2 client instances.
// Please refer to the "Consistency Guarantees" section of ZK document for more details.
func (c *Conn) Sync(path string) (string, error) {
	if err := validatePath(path, false); err != nil {
		return "", err
	}

	res := &syncResponse{}
	_, err := c.request(opSync, &syncRequest{Path: path}, res, nil)
	if err == ErrConnectionClosed {
		return "", err
	}
	return res.Path, err
}

// MultiResponse is the result of a Multi call.
type MultiResponse struct {
	Stat   *Stat
	String string
	Error  error
}

// Multi executes multiple ZooKeeper operations or none of them. The provided
// ops must be one of *CreateRequest, *DeleteRequest, *SetDataRequest, or
// *CheckVersionRequest.
func (c *Conn) Multi(ops ...interface{}) ([]MultiResponse, error) {
	req := &multiRequest{
		Ops:        make([]multiRequestOp, 0, len(ops)),
		DoneHeader: multiHeader{Type: -1, Done: true, Err: -1},
	}
	for _, op := range ops {
		var opCode int32
		switch o := op.(type) { // Yaegi: without a binding no case matches
		case *CreateRequest:
			opCode = opCreate
		case *SetDataRequest:
			opCode = opSetData
		case *DeleteRequest:
			opCode = opDelete
		case *CheckVersionRequest:
			opCode = opCheck
		default:
			return nil, fmt.Errorf("unknown operation type %T", o)
		}
		req.Ops = append(req.Ops, multiRequestOp{multiHeader{opCode, false, -1}, op})
	}
	res := &multiResponse{}
	_, err := c.request(opMulti, req, res, nil)
	if err == ErrConnectionClosed {
		return nil, err
	}
	mr := make([]MultiResponse, len(res.Ops))
	for i, op := range res.Ops {
		mr[i] = MultiResponse{Stat: op.Stat, String: op.String, Error: op.Err.toError()}
	}
	return mr, err
}

// IncrementalReconfig is the zookeeper reconfiguration api that allows adding and removing servers
// by lists of members. For more info refer to the ZK documentation.
//
// An optional version allows for conditional reconfigurations, -1 ignores the condition.
//
// Returns the new configuration znode stat.
func (c *Conn) IncrementalReconfig(joining, leaving []string, version int64) (*Stat, error) {
	// TODO: validate the shape of the member string to give early feedback.
	request := &reconfigRequest{
		JoiningServers: []byte(strings.Join(joining, ",")),
		LeavingServers: []byte(strings.Join(leaving, ",")),
		CurConfigId:    version,
	}

	return c.internalReconfig(request)
}

// Reconfig is the non-incremental update functionality for Zookeeper where the list provided
// is the entire new member list. For more info refer to the ZK documentation.
//
// An optional version allows for conditional reconfigurations, -1 ignores the condition.
//
// Returns the new configuration znode stat.
func (c *Conn) Reconfig(members []string, version int64) (*Stat, error) {
	request := &reconfigRequest{
		NewMembers:  []byte(strings.Join(members, ",")),
		CurConfigId: version,
	}

	return c.internalReconfig(request)
}

func (c *Conn) internalReconfig(request *reconfigRequest) (*Stat, error) {
	response := &reconfigReponse{}
	_, err := c.request(opReconfig, request, response, nil)
	return &response.Stat, err
}

// Server returns the current or last-connected server name.
func (c *Conn) Server() string {
	c.serverMu.Lock()
	defer c.serverMu.Unlock()
	return c.server
}

func resendZkAuth(ctx context.Context, c *Conn) error {
	shouldCancel := func() bool {
		return isClosed(c.shouldQuit) || isClosed(c.closeChan)
	}

	c.credsMu.Lock()
	defer c.credsMu.Unlock()

	if c.logInfo {
		c.logger.Printf("re-submitting `%d` credentials after reconnect", len(c.creds))
	}

	for _, cred := range c.creds {
		// return early before attempting to send request.
		if shouldCancel() {
			return nil
		}
		// do not use the public API for auth since it depends on the send/recv loops
		// that are waiting for this to return
		resChan, err := c.sendRequest(
			opSetAuth,
			&setAuthRequest{Type: 0,
				Scheme: cred.scheme,
				Auth:   cred.auth,
			},
			&setAuthResponse{},
			nil, /* recvFunc*/
		)
		if err != nil {
			return fmt.Errorf("failed to send auth request: %v", err)
		}

		chosen, value := receiveFirst(resChan, c.closeChan, c.shouldQuit, ctx.Done(), time.After(c.recvTimeout))
		switch chosen {
		case 1:
			c.logger.Printf("recv closed, cancel re-submitting credentials")
			return nil
		case 2:
			c.logger.Printf("should quit, cancel re-submitting credentials")
			return nil
		case 3:
			return ctx.Err()
		case 4:
			return errors.New("credentials were not answered in time")
		}
		res := value.(response)
		if res.err != nil {
			return fmt.Errorf("failed connection setAuth request: %w", res.err)
		}
	}

	return nil
}
