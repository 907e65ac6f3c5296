package ensemble

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"
	"time"
)

// The operations of ZooKeeper's protocol that matter here.
const (
	opGetData      = 4
	opGetACL       = 6
	opGetChildren  = 8
	opPing         = 11
	opGetChildren2 = 12
)

var errOverdue = errors.New("a request was not answered in time")

// requests are those of one connection that have no answer yet. One goroutine notes them,
// and another one reads the answers.
type requests struct {
	timeout time.Duration // of the session

	mu      sync.Mutex
	pending map[int32]pendingRequest // by their xid
}

type pendingRequest struct {
	operation int32
	sent      time.Time
}

func newRequests(timeout time.Duration) *requests {
	return &requests{timeout: timeout, pending: map[int32]pendingRequest{}}
}

// note notes a request that is about to be sent: its length, its xid, and its operation. With
// each ping it looks whether one has waited for a session timeout. Servers answer in order, so
// they have lost that one, and go on answering pings.
func (r *requests) note(packet []byte) error {
	if len(packet) < 12 {
		return nil
	}
	xid := int32(binary.BigEndian.Uint32(packet[4:]))
	operation := int32(binary.BigEndian.Uint32(packet[8:]))
	r.mu.Lock()
	defer r.mu.Unlock()
	if operation != opPing {
		r.pending[xid] = pendingRequest{operation: operation, sent: time.Now()}
		return nil
	}
	for _, request := range r.pending {
		if time.Since(request.sent) > r.timeout {
			return errOverdue
		}
	}
	return nil
}

// take returns the operation of a request, which has its answer now. It is zero for what is no
// answer, as events.
func (r *requests) take(xid int32) int32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	request := r.pending[xid]
	delete(r.pending, xid)
	return request.operation
}

// checkResponse refuses an answer that begins with no length, or with one that the packet has
// no room for. The client would take memory for it, for a list up to 160 GB. The head is the
// header with the 4 bytes that follow, or less where the packet ends before. The size is the
// packet's.
func (r *requests) checkResponse(head []byte, size int) error {
	operation := r.take(int32(binary.BigEndian.Uint32(head)))
	failed := binary.BigEndian.Uint32(head[12:]) != 0
	if failed || !beginsWithLength(operation) {
		return nil
	}
	if len(head) < responseHeaderSize+4 {
		return fmt.Errorf("answer of %d bytes", size-responseHeaderSize)
	}
	length := int64(int32(binary.BigEndian.Uint32(head[responseHeaderSize:])))
	room := int64(size - len(head))
	if operation == opGetData && length > room {
		return fmt.Errorf("answer with %d bytes of data in %d", length, room) // -1 is no data
	}
	if operation != opGetData && (length < 0 || 4*length > room) { // an item has 4 bytes at least
		return fmt.Errorf("answer with a list of %d in %d bytes", length, room)
	}
	return nil
}

// beginsWithLength tells whether the answer to an operation begins with the length of bytes
// or of a list.
func beginsWithLength(operation int32) bool {
	return operation == opGetData || operation == opGetACL || operation == opGetChildren || operation == opGetChildren2
}
