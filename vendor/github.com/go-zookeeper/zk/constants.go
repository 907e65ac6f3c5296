package zk

import (
	"errors"
	"fmt"
)

const (
	protocolVersion = 0
	// DefaultPort is the default port listened by server.
	DefaultPort = 2181
)

const (
	opNotify          = 0
	opCreate          = 1
	opDelete          = 2
	opExists          = 3
	opGetData         = 4
	opSetData         = 5
	opGetAcl          = 6
	opSetAcl          = 7
	opGetChildren     = 8
	opSync            = 9
	opPing            = 11
	opGetChildren2    = 12
	opCheck           = 13
	opMulti           = 14
	opReconfig        = 16
	opRemoveWatches   = 18
	opCreateContainer = 19
	opCreateTTL       = 21
	opMultiRead       = 22
	opClose           = -11
	opSetAuth         = 100
	opSetWatches      = 101
	opSetWatches2     = 105
	opAddWatch        = 106
	opError           = -1
	// Not in protocol, used internally
	opWatcherEvent = -2
)

const (
	// EventNodeCreated represents a node is created.
	EventNodeCreated         EventType = 1
	EventNodeDeleted         EventType = 2
	EventNodeDataChanged     EventType = 3
	EventNodeChildrenChanged EventType = 4

	// EventSession represents a session event.
	EventSession     EventType = -1
	EventNotWatching EventType = -2
)

var (
	eventNames = map[EventType]string{
		EventNodeCreated:         "EventNodeCreated",
		EventNodeDeleted:         "EventNodeDeleted",
		EventNodeDataChanged:     "EventNodeDataChanged",
		EventNodeChildrenChanged: "EventNodeChildrenChanged",
		EventSession:             "EventSession",
		EventNotWatching:         "EventNotWatching",
	}
)

const (
	// StateUnknown means the session state is unknown.
	StateUnknown           State = -1
	StateDisconnected      State = 0
	StateConnecting        State = 1
	StateSyncConnected     State = 3
	StateAuthFailed        State = 4
	StateConnectedReadOnly State = 5
	StateSaslAuthenticated State = 6
	StateExpired           State = -112

	StateConnected  State = 100
	StateHasSession State = 101
)

var (
	stateNames = map[State]string{
		StateUnknown:           "StateUnknown",
		StateDisconnected:      "StateDisconnected",
		StateConnectedReadOnly: "StateConnectedReadOnly",
		StateSaslAuthenticated: "StateSaslAuthenticated",
		StateExpired:           "StateExpired",
		StateAuthFailed:        "StateAuthFailed",
		StateConnecting:        "StateConnecting",
		StateConnected:         "StateConnected",
		StateHasSession:        "StateHasSession",
		StateSyncConnected:     "StateSyncConnected",
	}
)

// String converts State to a readable string.
func (s State) String() string {
	if name := stateNames[s]; name != "" {
		return name
	}
	return "Unknown"
}

// ErrCode is the error code defined by server. Refer to ZK documentations for more specifics.
type ErrCode int32

var (
	// ErrConnectionClosed means the connection has been closed.
	ErrConnectionClosed        = errors.New("zk: connection closed")
	ErrUnknown                 = errors.New("zk: unknown error")
	ErrAPIError                = errors.New("zk: api error")
	ErrNoNode                  = errors.New("zk: node does not exist")
	ErrNoAuth                  = errors.New("zk: not authenticated")
	ErrBadVersion              = errors.New("zk: version conflict")
	ErrNoChildrenForEphemerals = errors.New("zk: ephemeral nodes may not have children")
	ErrNodeExists              = errors.New("zk: node already exists")
	ErrNotEmpty                = errors.New("zk: node has children")
	ErrSessionExpired          = errors.New("zk: session has been expired by the server")
	ErrInvalidACL              = errors.New("zk: invalid ACL specified")
	ErrInvalidFlags            = errors.New("zk: invalid flags specified")
	ErrAuthFailed              = errors.New("zk: client authentication failed")
	ErrClosing                 = errors.New("zk: zookeeper is closing")
	ErrNothing                 = errors.New("zk: no server responses to process")
	ErrSessionMoved            = errors.New("zk: session moved to another server, so operation is ignored")
	ErrNotReadOnly             = errors.New("zk: the server takes no writes now, it is read-only")
	ErrReconfigDisabled        = errors.New("attempts to perform a reconfiguration operation when reconfiguration feature is disabled")
	ErrBadArguments            = errors.New("invalid arguments")
	ErrNoWatcher               = errors.New("zk: no such watch")
	// ErrUnimplemented means that the server is too old for the operation.
	ErrUnimplemented = errors.New("zk: the server doesn't have this operation")
	// ErrAuthRequired means that the server wants credentials of a certain scheme
	// before anything else (enforce.auth), and closes the connection.
	ErrAuthRequired            = errors.New("zk: the server requires authentication (SESSIONCLOSEDREQUIRESASLAUTH)")
	ErrSystemError             = errors.New("zk: system error of the server")
	ErrRuntimeInconsistency    = errors.New("zk: runtime inconsistency of the server")
	ErrDataInconsistency       = errors.New("zk: data inconsistency of the server")
	ErrConnectionLoss          = errors.New("zk: the server lost a connection")
	ErrMarshallingError        = errors.New("zk: the server can't read the request")
	ErrOperationTimeout        = errors.New("zk: the operation took the server too long")
	ErrInvalidState            = errors.New("zk: invalid state")
	ErrUnknownSession          = errors.New("zk: the server doesn't know the session")
	ErrNewConfigNoQuorum       = errors.New("zk: no quorum of the new configuration is there")
	ErrReconfigInProgress      = errors.New("zk: another reconfiguration is in progress")
	ErrInvalidCallback         = errors.New("zk: invalid callback specified")
	ErrEphemeralOnLocalSession = errors.New("zk: a local session can't have ephemeral nodes")
	ErrRequestTimeout          = errors.New("zk: the request took the servers too long")
	ErrQuotaExceeded           = errors.New("zk: the node's quota is exceeded")
	ErrThrottledOp             = errors.New("zk: the server is overloaded and has dropped the request")

	errCodeToError = map[ErrCode]error{
		0:                          nil,
		errAPIError:                ErrAPIError,
		errNoNode:                  ErrNoNode,
		errNoAuth:                  ErrNoAuth,
		errBadVersion:              ErrBadVersion,
		errNoChildrenForEphemerals: ErrNoChildrenForEphemerals,
		errNodeExists:              ErrNodeExists,
		errNotEmpty:                ErrNotEmpty,
		errSessionExpired:          ErrSessionExpired,
		errInvalidCallback:         ErrInvalidCallback,
		errInvalidAcl:              ErrInvalidACL,
		errAuthFailed:              ErrAuthFailed,
		errClosing:                 ErrClosing,
		errNothing:                 ErrNothing,
		errSessionMoved:            ErrSessionMoved,
		errNotReadOnly:             ErrNotReadOnly,
		errNoWatcher:               ErrNoWatcher,
		errUnimplemented:           ErrUnimplemented,
		errZReconfigDisabled:       ErrReconfigDisabled,
		errBadArguments:            ErrBadArguments,

		errSystemError:             ErrSystemError,
		errRuntimeInconsistency:    ErrRuntimeInconsistency,
		errDataInconsistency:       ErrDataInconsistency,
		errConnectionLoss:          ErrConnectionLoss,
		errMarshallingError:        ErrMarshallingError,
		errOperationTimeout:        ErrOperationTimeout,
		errInvalidState:            ErrInvalidState,
		errUnknownSession:          ErrUnknownSession,
		errNewConfigNoQuorum:       ErrNewConfigNoQuorum,
		errReconfigInProgress:      ErrReconfigInProgress,
		errEphemeralOnLocalSession: ErrEphemeralOnLocalSession,
		errRequestTimeout:          ErrRequestTimeout,
		errAuthRequired:            ErrAuthRequired,
		errQuotaExceeded:           ErrQuotaExceeded,
		errThrottledOp:             ErrThrottledOp,
	}
)

func (e ErrCode) toError() error {
	if err, ok := errCodeToError[e]; ok {
		return err
	}
	return fmt.Errorf("unknown error: %v", e)
}

const (
	errOk = 0
	// System and server-side errors
	errSystemError          = -1
	errRuntimeInconsistency = -2
	errDataInconsistency    = -3
	errConnectionLoss       = -4
	errMarshallingError     = -5
	errUnimplemented        = -6
	errOperationTimeout     = -7
	errBadArguments         = -8
	errInvalidState         = -9
	errUnknownSession       = -12
	errNewConfigNoQuorum    = -13
	errReconfigInProgress   = -14
	// API errors
	errAPIError                ErrCode = -100
	errNoNode                  ErrCode = -101 // *
	errNoAuth                  ErrCode = -102
	errBadVersion              ErrCode = -103 // *
	errNoChildrenForEphemerals ErrCode = -108
	errNodeExists              ErrCode = -110 // *
	errNotEmpty                ErrCode = -111
	errSessionExpired          ErrCode = -112
	errInvalidCallback         ErrCode = -113
	errInvalidAcl              ErrCode = -114
	errAuthFailed              ErrCode = -115
	errClosing                 ErrCode = -116
	errNothing                 ErrCode = -117
	errSessionMoved            ErrCode = -118
	errNotReadOnly             ErrCode = -119
	errEphemeralOnLocalSession ErrCode = -120
	errNoWatcher               ErrCode = -121
	errRequestTimeout          ErrCode = -122
	// Attempts to perform a reconfiguration operation when reconfiguration feature is disabled
	errZReconfigDisabled ErrCode = -123
	errAuthRequired      ErrCode = -124
	errQuotaExceeded     ErrCode = -125
	errThrottledOp       ErrCode = -127
)

// Constants for ACL permissions
const (
	// PermRead represents the permission needed to read a znode.
	PermRead = 1 << iota
	PermWrite
	PermCreate
	PermDelete
	PermAdmin
	PermAll = 0x1f
)

var (
	emptyPassword = []byte{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	opNames       = map[int32]string{
		opNotify:          "notify",
		opCreate:          "create",
		opCreateContainer: "createContainer",
		opCreateTTL:       "createTTL",
		opMultiRead:       "multiRead",
		opDelete:          "delete",
		opExists:          "exists",
		opGetData:         "getData",
		opSetData:         "setData",
		opGetAcl:          "getACL",
		opSetAcl:          "setACL",
		opGetChildren:     "getChildren",
		opSync:            "sync",
		opPing:            "ping",
		opGetChildren2:    "getChildren2",
		opCheck:           "check",
		opMulti:           "multi",
		opReconfig:        "reconfig",
		opRemoveWatches:   "removeWatches",
		opClose:           "close",
		opSetAuth:         "setAuth",
		opSetWatches:      "setWatches",
		opSetWatches2:     "setWatches2",
		opAddWatch:        "addWatch",

		opWatcherEvent: "watcherEvent",
	}
)

func (t EventType) String() string {
	if name := eventNames[t]; name != "" {
		return name
	}
	return "Unknown"
}

// Mode is used to build custom server modes (leader|follower|standalone).
type Mode uint8

func (m Mode) String() string {
	if name := modeNames[m]; name != "" {
		return name
	}
	return "unknown"
}

const (
	ModeUnknown    Mode = iota
	ModeLeader     Mode = iota
	ModeFollower   Mode = iota
	ModeStandalone Mode = iota
)

var (
	modeNames = map[Mode]string{
		ModeLeader:     "leader",
		ModeFollower:   "follower",
		ModeStandalone: "standalone",
	}
)
