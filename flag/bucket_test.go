package flag

import (
	"fmt"
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

// Keys in one bucket get the same of a flag, whatever its salt and weights are, and each bucket
// gets what an evaluation says.
func TestBuckets(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	for _, text := range []string{
		"40%", "0.001%", "99.9%", "0.5",
		`{"variants":{"a":"blue","b":"red"},"defaultVariant":"b","targeting":{"fractional":[["a",1],["b",3]]}}`,
		`{"variants":{"a":"blue","b":"red","c":"green"},"defaultVariant":"b","targeting":{"fractional":[["a"],["none",2],["c",0],["b",1]]}}`,
		`{"variants":{"a":1,"b":true},"defaultVariant":"a","targeting":{"fractional":[["a",50],["b",50]]}}`,
		`{"variants":{"true":true,"false":false},"defaultVariant":"false","targeting":{"fractional":[[true,50],[null,50]]}}`,
	} {
		parsed, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, salt := range []string{"", "x", "/a/longer/salt", strings.Repeat("s", 101)} {
			set, flagKey := parsed, "the-key"
			if salt != "" {
				set = parsed.Salted(salt)
			}
			split := SplitOf(set, flagKey)
			if split == nil {
				t.Fatalf("%s is no split", text)
			}
			outcomes := map[int]*Evaluation{}
			for i := range 400 {
				key := fmt.Sprintf("%x", random.Int63())[:1+i%12] + strings.Repeat("é", i%20)
				bucket := BucketOf(split, key)
				if bucket < 0 || bucket >= split.Buckets {
					t.Fatalf("%s: %q is in bucket %d of %d", text, key, bucket, split.Buckets)
				}
				ev := EvaluateMap(set, flagKey, true, Map{targetingKey: key})
				if outcomes[bucket] == nil {
					outcomes[bucket] = ev
				} else if !reflect.DeepEqual(outcomes[bucket], ev) {
					t.Errorf("%s, salted with %q: in bucket %d, %q gets %+v, and others %+v", text, salt, bucket, key, ev, outcomes[bucket])
				}
			}
		}
	}
}

// Of other flags nothing is said, nor of keys that have to be evaluated.
func TestNoBuckets(t *testing.T) {
	for _, text := range []string{
		"on", "0%", "100%", `{"variants":{"a":"blue"},"defaultVariant":"a"}`,
		`{"state":"DISABLED","variants":{"a":"blue"},"defaultVariant":"a","targeting":{"fractional":[["a",1],["b",3]]}}`,
		`{"variants":{"a":"blue"},"defaultVariant":"a","targeting":{"fractional":[{"var":"email"},["a",1],["b",3]]}}`,
		`{"variants":{"a":"blue"},"defaultVariant":"a","targeting":{"fractional":[["a",1],[{"var":"plan"},3]]}}`,
		`{"variants":{"a":"blue"},"defaultVariant":"a","targeting":{"fractional":[["a",1],["b",{"var":"weight"}]]}}`,
		`{"variants":{"a":"blue"},"defaultVariant":"a","targeting":{"if":[{"var":"plan"},{"fractional":[["a",1],["b",3]]},"a"]}}`,
	} {
		set, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if SplitOf(set, "key") != nil {
			t.Errorf("%s is a split", text)
		}
	}
	share, _ := Parse([]byte("40%"))
	for _, key := range []string{"", strings.Repeat("x", LongestKey+1)} {
		if bucket := BucketOf(SplitOf(share, "key"), key); bucket != -1 {
			t.Errorf("a key of %d bytes is in bucket %d", len(key), bucket)
		}
	}
}
