package memo

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/mod-zookeeper/traefik-zookeeper/flag"
	"github.com/mod-zookeeper/traefik-zookeeper/internal/request"
)

type outcomesFunc func(r *http.Request) http.Handler

func (f outcomesFunc) HandlerFor(r *http.Request) http.Handler { return f(r) }

// However many keys come, and from however many goroutines, each bucket's handler is made for
// one of its requests, and serves all of them. So is that of requests without a key. Long keys are
// decided about.
func TestHandlersOfBuckets(t *testing.T) {
	share, err := flag.Parse([]byte("40%"))
	if err != nil {
		t.Fatal(err)
	}
	first, second := flag.SplitOf(share.Salted("a"), ""), flag.SplitOf(share.Salted("b"), "")
	template, err := request.ParseTemplate("{header.X-User}")
	if err != nil {
		t.Fatal(err)
	}
	key := request.AttributesFor([]string{request.TargetingKey}, map[string]*request.Template{request.TargetingKey: template})[0]
	for _, splits := range [][]*flag.Split{{first}, {first, second}} {
		for _, managed := range []map[string]string{nil, {"X-Other": ""}} {
			bucketOf := func(user string) string {
				name := ""
				for _, s := range splits {
					name += strconv.Itoa(flag.BucketOf(s, user))
				}
				return name
			}
			var made, anew atomic.Int64
			k := &Keeper{Buckets: BucketsOf(splits, key, managed), Anew: func(http.ResponseWriter, *http.Request) { anew.Add(1) }, Outcomes: outcomesFunc(func(r *http.Request) http.Handler {
				made.Add(1)
				bucket := bucketOf(strings.TrimSpace(r.Header.Get("X-User")))
				return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Bucket", bucket) })
			})}
			k.byBucket = &atomic.Value{}
			k.byBucket.Store(noBuckets)
			var all sync.WaitGroup
			for g := range 4 {
				all.Add(1)
				go func() {
					defer all.Done()
					for i := range 500 {
						user := strconv.Itoa(g*1000 + i)
						w := httptest.NewRecorder()
						serveByBucket(k, w, &http.Request{Header: http.Header{"X-User": {" " + user}}})
						if w.Header().Get("Bucket") != bucketOf(user) {
							t.Errorf("%s is served by the handler of %s", user, w.Header().Get("Bucket"))
						}
					}
				}()
			}
			all.Wait()
			for range 3 {
				for _, user := range []string{"", strings.Repeat("x", flag.LongestKey+1)} {
					serveByBucket(k, httptest.NewRecorder(), &http.Request{Header: http.Header{"X-User": {user}}})
				}
			}
			if buckets := int64(1) << len(splits); made.Load() <= buckets || made.Load() > 4*buckets+1 || anew.Load() != 3 {
				t.Errorf("%d handlers were made for %d buckets, and %d requests decided about", made.Load(), buckets, anew.Load())
			}
		}
	}
}
