package zk

import "reflect"

// Yaegi keeps the cases of a select statement once per statement and not per
// execution, so that goroutines which run the same one take each other's
// values, or wait for ever. These helpers build their cases at each call.

// receiveFirst receives from the channel that is ready first, and returns its
// place among the channels and what it gave.
func receiveFirst(channels ...interface{}) (int, interface{}) {
	cases := make([]reflect.SelectCase, len(channels))
	for i := range channels {
		cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(channels[i])}
	}
	chosen, value, _ := reflect.Select(cases)
	return chosen, value.Interface()
}

// sendUnless sends a request, unless the other channel gives something first.
func sendUnless(ch chan *request, req *request, other interface{}) bool {
	chosen, _, _ := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectSend, Chan: reflect.ValueOf(ch), Send: reflect.ValueOf(req)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(other)},
	})
	return chosen == 0
}

// isClosed tells whether a channel that nothing is sent to is closed.
func isClosed(ch chan struct{}) bool {
	value, _ := reflect.ValueOf(ch).TryRecv()
	return value.IsValid()
}

// answer gives a request its response. It never blocks: what comes after the
// first answers is of no interest to anyone.
func (r *request) answer(res response) {
	if r.take != nil {
		give(r, nil, nil, res.err)
		return
	}
	reflect.ValueOf(r.recvChan).TrySend(reflect.ValueOf(res))
}
