package sub

import "errors"

var Total = 5

var Names = map[string]int{}

var ErrGone = errors.New("gone")

func Add() {
	Total++
	Names["a"]++
}

func Sum() int { return Total }
