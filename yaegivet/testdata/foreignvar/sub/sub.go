package sub

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

type Name string

type Point struct{ X int }

func (p *Point) Move() { p.X++ }

type Mover interface{ Move() }

var (
	Total      = 5
	Own   Name = "before"
	Any   any  = "before"

	Names    = map[string]int{}
	List     = []int{1}
	Array    = [2]int{1, 1}
	Struct   = Point{1}
	Pointer  = &Point{1}
	Movable  Mover
	Chan     = make(chan int, 1)
	ErrGone  = errors.New("gone")
	Count    atomic.Int64
	Value    atomic.Value
	Mu       sync.Mutex
	Detached func(int) int
)

func init() { Detached = double }

func double(i int) int { return 2 * i }

func Made() *Point { return &Point{7} }

func Add() {
	Total++
	Names["a"] = 1
}

func ChangeCopied() {
	Own = "after"
	Any = "after"
}

// Change gives each variable another value that others read in place.
func Change() {
	Names = map[string]int{"b": 2}
	List = []int{2, 2}
	Array = [2]int{2, 2}
	Struct = Point{2}
	Pointer = &Point{2}
	Movable = &Point{2}
	Chan = make(chan int, 2)
	ErrGone = errors.New("changed")
	Detached = func(i int) int { return 3 * i }
}

func Sum() int { return Total }

func Look() string {
	return fmt.Sprint(Names, List, Array, Struct, *Pointer, Count.Load(), Value.Load())
}

// These are for those who try to assign to them.
var (
	OtherNames   = map[string]int{}
	OtherList    = []int{1}
	OtherArray   = [2]int{1, 1}
	OtherStruct  = Point{1}
	OtherPointer = &Point{1}
	OtherError   = errors.New("gone")
)

// Others has a bar between them.
func Others() string {
	return fmt.Sprint(OtherNames, "|", OtherList, "|", OtherArray, "|", OtherStruct, "|", *OtherPointer, "|", OtherError)
}

// These never change, but for the last one, which a method changes in its place.
var (
	Version  = "1.2"
	Computed = double(21)
	Zero     int
	Kept     any = "kept"
	Counted  counter
)

type counter int

func (c *counter) Inc() { *c++ }

func Inc() { Counted.Inc() }

// Addressed is changed through its address.
var Addressed = 1

func SetAddressed() {
	p := &Addressed
	*p = 2
}

// Early gets a value in init.
var Early = 1

func init() { Early = 2 }
