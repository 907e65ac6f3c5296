package memo

import (
	"net/http"
	"strings"
	"sync"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

// Where shares of the targeting key are all that makes a difference, requests whose keys are in
// the same buckets get the same. There are few buckets, however many keys there are.

// Buckets are those of the splits that all decisions go by, whatever service is behind.
type Buckets struct {
	splits  []*flag.Split
	key     *request.Attribute
	managed map[string]string // as a Reader has them
	header  string            // that the key is; empty where it is something else
	mu      sync.Mutex        // is held to replace a keeper's handlers
}

// MostBuckets is how many buckets splits may have together.
const MostBuckets = 256

// BucketsOf returns the buckets of splits. The key is the attribute that these go by, and managed
// are the headers that the plugin manages.
func BucketsOf(splits []*flag.Split, key *request.Attribute, managed map[string]string) *Buckets {
	return &Buckets{splits: splits, key: key, managed: managed, header: key.OnlyHeader(managed)}
}

var noBuckets = map[int]http.Handler{}

// Requests get the same, too, that have no targeting key, and those whose key can't be read.
const (
	unbucketed = -1 // a key that has to be evaluated
	withoutKey = -2
	unreadable = -3
)

// serveByBucket serves a request by the handler of its bucket.
func serveByBucket(k *Keeper, w http.ResponseWriter, r *http.Request) {
	b, bucket := k.Buckets, withoutKey
	if b.header != "" {
		for _, line := range r.Header[b.header] {
			bucket = unbucketed
			if len(line) <= request.LongestRaw {
				bucket = bucketOf(b, strings.Trim(line, " \t"))
			}
			//lint:ignore SA4004 the first line counts, and a loop takes fewer steps than lines[0]
			break
		}
	} else {
		bucket = bucketFor(b, &request.Reader{Request: r, Managed: b.managed})
	}
	known := k.byBucket.Load().(map[int]http.Handler)[bucket]
	if known != nil {
		known.ServeHTTP(w, r)
	} else {
		serveFirst(k, bucket, w, r)
	}
}

// bucketFor is the number of the bucket that a request's targeting key is in.
func bucketFor(b *Buckets, r *request.Reader) int {
	key := request.TextOf(b.key, r)
	if r.Unread != "" {
		return unreadable
	}
	return bucketOf(b, key)
}

// bucketOf is the number of the buckets, taken together, that a targeting key is in.
func bucketOf(b *Buckets, key string) int {
	if key == "" {
		return withoutKey
	}
	all := 0
	for _, s := range b.splits {
		bucket := flag.BucketOf(s, key)
		if bucket < 0 {
			return unbucketed
		}
		all = all*s.Buckets + bucket
	}
	return all
}

// serveFirst serves the first request of a bucket, and those of none.
func serveFirst(k *Keeper, bucket int, w http.ResponseWriter, r *http.Request) {
	if bucket == unbucketed {
		k.Anew(w, r)
		return
	}
	handler := k.Outcomes.HandlerFor(r)
	addHandler(k, bucket, handler)
	handler.ServeHTTP(w, r)
}

func addHandler(k *Keeper, bucket int, handler http.Handler) {
	k.Buckets.mu.Lock()
	defer k.Buckets.mu.Unlock()
	all := map[int]http.Handler{bucket: handler}
	for other, known := range k.byBucket.Load().(map[int]http.Handler) {
		all[other] = known
	}
	k.byBucket.Store(all)
}
