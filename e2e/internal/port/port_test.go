package port

import (
	"net"
	"testing"
)

func TestTakenPortIsFreeForItsServerOnly(t *testing.T) {
	p, err := Reserve()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Take(p.Number); err == nil {
		t.Error("the port was taken twice")
	}
	server, err := net.Listen("tcp", p.Addr())
	if err != nil {
		t.Fatalf("its server can't have it: %v", err)
	}
	p.Release()
	if _, err := Take(p.Number); err == nil {
		t.Error("the port was taken although a server listens on it")
	}
	server.Close()
	again, err := Take(p.Number)
	if err != nil {
		t.Fatalf("it can't be taken after its release: %v", err)
	}
	again.Release()
}

func TestPreferFallsBack(t *testing.T) {
	taken, err := Reserve()
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Release()
	other, err := Prefer(taken.Number)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Release()
	if other.Number == taken.Number {
		t.Errorf("got %d, which is taken", other.Number)
	}
}
